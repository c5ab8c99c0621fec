"""Files that a restore rejects, keeps and cleans up; tests/processes/test_backup.py covers the commands."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from accounts.models import User
from contacts.erasing.erasures import erasures_file
from contacts.models import Network
from netcrm.database_file import clear_unfinished, copy_database
from netcrm.restoring import RestoreError, restore_database

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is restored by its own tools"),
]

NO_BACKUP = "Name a file that `make backup` has made."
OTHER_VERSION = (
    "Take the version of netcrm that made it, export each member there (manage.py export --format json) and import the "
    "files here (manage.py import_contacts); docs/backup.md says how."
)
UNLIKE = "It was made by another version of netcrm, and its tables don't fit this one ({}). " + OTHER_VERSION


def rows(database: Path) -> list[str]:
    """Return every row of the database as SQL."""
    with closing(sqlite3.connect(database)) as opened:
        return list(opened.iterdump())


def change(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        for statement in statements:
            opened.execute(statement)


@pytest.fixture
def database(tmp_path: Path, alice: User) -> Path:
    """The database of an instance, about to be replaced. It differs from the backup: Alice is called Alicia here."""
    path = tmp_path / "data" / "netcrm.sqlite3"
    path.parent.mkdir()
    copy_database(Path(connection.settings_dict["NAME"]), path)
    change(path, "PRAGMA journal_mode=WAL", "UPDATE accounts_user SET name = 'Alicia'")
    return path


@pytest.fixture
def backup(tmp_path: Path, alice: User) -> Path:
    path = tmp_path / "backup.sqlite3"
    copy_database(Path(connection.settings_dict["NAME"]), path)
    return path


def assert_refused(backup: Path, database: Path, reason: str) -> None:
    """Assert that the restore gives this reason and leaves everything as it was."""
    before = rows(database)
    with pytest.raises(RestoreError) as refusal:
        restore_database(backup, database)
    assert str(refusal.value).startswith(reason)
    assert [path for path in database.parent.iterdir() if not path.name.startswith("netcrm.sqlite3")] == []
    assert rows(database) == before


def kept_beside(database: Path) -> list[Path]:
    return sorted(database.parent.glob("netcrm.replaced-*.sqlite3"))


def test_each_replaced_database_is_kept(backup: Path, database: Path) -> None:
    before = rows(database)
    first = restore_database(backup, database).kept
    restored = rows(database)
    second = restore_database(backup, database).kept
    assert first
    assert second
    assert sorted([first, second]) == kept_beside(database)
    assert (rows(first), rows(second)) == (before, restored)
    assert "'Alicia'" in "".join(before)
    assert "'Alicia'" not in "".join(restored)


def test_erased_are_erased_before_the_swap(
    network: Network,
    backup: Path,
    database: Path,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATA_DIR = tmp_path
    erasures_file().parent.mkdir()
    erasures_file().write_text(f"2026-11-23 network {network.uuid}\n")
    swapped_in = []

    def swap_in(draft: Path, _database: Path) -> None:
        swapped_in.extend(rows(draft))

    monkeypatch.setattr("netcrm.restoring.swap_in", swap_in)
    assert restore_database(backup, database).erased == 1
    assert "alice@example.org" in "".join(rows(backup))
    assert swapped_in
    assert "alice@example.org" not in "".join(swapped_in)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (
            ["INSERT INTO django_migrations (app, name, applied) VALUES ('contacts', '0099_later', '2026-11-23')"],
            "It was made by a newer netcrm (this one does not know contacts.0099_later). Update netcrm, then try ",
        ),
        (["DROP TABLE contacts_network"], f"It is no database of netcrm. {NO_BACKUP}"),
        (
            ["ALTER TABLE favours_favour ADD COLUMN later varchar(3) NULL"],
            UNLIKE.format("favours_favour: column later is unknown"),
        ),
        (["CREATE TABLE contacts_later (id integer)"], UNLIKE.format("table contacts_later is unknown")),
        (["DROP TABLE netcrm_heartbeat"], UNLIKE.format("table netcrm_heartbeat is missing")),
        (
            ["DROP INDEX talk_by_contact"],
            UNLIKE.format("contacts_conversationparticipation: index talk_by_contact is missing"),
        ),
        (
            ["CREATE UNIQUE INDEX one_email ON accounts_user (name)"],
            UNLIKE.format("accounts_user: index one_email is unknown"),
        ),
        (
            ["DELETE FROM django_migrations WHERE app = 'netcrm'"],
            'It can\'t be brought to this version of netcrm (table "netcrm_heartbeat" already exists). '
            + OTHER_VERSION,
        ),
        (
            ["INSERT INTO account_emailaddress (email, verified, \"primary\", user_id) VALUES ('a@b', 0, 0, 99)"],
            "It is damaged (account_emailaddress names rows of accounts_user that are gone). Take another backup.",
        ),
    ],
    ids=["newer", "foreign", "column", "table", "no table", "no index", "unique", "not migrated", "dangling"],
)
def test_backup_that_does_not_fit_is_refused(backup: Path, database: Path, statements: list[str], reason: str) -> None:
    change(backup, *statements)
    assert_refused(backup, database, reason)


def test_index_of_an_operator_is_no_reason_to_refuse(backup: Path, database: Path) -> None:
    change(backup, "CREATE INDEX of_mine ON accounts_user (name)")
    assert restore_database(backup, database).erased == 0


def test_what_is_no_sound_database_is_refused(backup: Path, database: Path) -> None:
    whole = backup.read_bytes()
    middle = len(whole) // 2
    for content, reason in [
        (b"no database at all", f"It is no SQLite database. {NO_BACKUP}"),
        (b"", f"It is no database of netcrm. {NO_BACKUP}"),
        (whole[:middle], "It is damaged ("),
        (whole[:middle] + b"\xaa" * 40_000 + whole[middle + 40_000 :], "It is damaged ("),
    ]:
        backup.write_bytes(content)
        assert_refused(backup, database, reason)


def test_database_in_use_is_not_replaced(backup: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    with closing(sqlite3.connect(database)) as used:
        used.execute("SELECT count(*) FROM accounts_user").fetchone()
        assert_refused(
            backup,
            database,
            f"{database} is in use. Stop netcrm and all other programs that use it, then restore again.",
        )


def test_damaged_database_is_replaced_and_kept_with_its_log(backup: Path, database: Path) -> None:
    database.write_text("what was left of it")
    log = Path(f"{database}-wal")
    log.write_text("its log")
    kept = restore_database(backup, database).kept
    assert kept
    assert (kept.read_text(), Path(f"{kept}-wal").read_text()) == ("what was left of it", "its log")
    assert "Alicia" not in "".join(rows(database))


@pytest.mark.parametrize("share", [0.5, 1], ids=["while it is copied", "while its tables are looked after"])
def test_full_disk_leaves_the_old_database(
    backup: Path, database: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    little_room(monkeypatch, pages=int(backup.stat().st_size // 4096 * share))
    if share == 1:
        monkeypatch.setattr("netcrm.restoring.erase_again", grow)
    reason = f"The disk of {database.parent} is full. Make room for a second database there, then restore again."
    assert_refused(backup, database, reason)


@pytest.mark.parametrize("log", ["", "-wal"])
def test_cut_off_swap_is_undone(database: Path, log: str) -> None:
    """The old database already had its second name, and so did its log if that could not be read."""
    before = database.read_bytes()
    for name in ("netcrm.restoring", "netcrm.restoring-wal", "netcrm.restoring-shm"):
        (database.parent / name).write_text("unfinished")
    cut_off, older = (database.with_name(f"netcrm.replaced-2026112{day}T100000Z.sqlite3") for day in (3, 2))
    os.link(database, cut_off)
    if log:
        Path(f"{cut_off}{log}").write_text("its log")
    older.write_text("kept by an earlier restore")
    clear_unfinished(database)
    assert {path.name for path in database.parent.iterdir()} == {
        older.name,
        "netcrm.sqlite3",
        *([f"netcrm.sqlite3{log}"] if log else []),
    }
    assert database.read_bytes() == before


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make SQLite fail at once instead of waiting for a lock."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, **{**options, "timeout": 0}))


def little_room(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Limit each database to this many pages; SQLite itself then reports that the disk is full."""
    connect = sqlite3.connect

    def connect_with_little_room(*arguments: object, **options: object) -> sqlite3.Connection:
        opened = connect(*arguments, **options)  # type: ignore[call-overload]
        opened.execute(f"PRAGMA max_page_count={pages}")
        return opened

    monkeypatch.setattr(sqlite3, "connect", connect_with_little_room)
    monkeypatch.setattr("sqlite3.dbapi2.connect", connect_with_little_room)


def grow() -> int:
    """Simulate an erasure that needs more disk space than there is. Returns how many were erased: none."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE grown AS SELECT randomblob(1000000) AS bytes")
    return 0
