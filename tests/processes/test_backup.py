"""Backup and restore of an embedded instance, as in docs/backup.md; tests/netcrm/test_restoring.py covers the rest."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from netcrm.serving.preconditions import locked_folder
from tests.processes.instance import clean_environment, manage


def rows(database: Path) -> list[str]:
    """Return every row of the database as SQL."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def make_member(environment: dict[str, str], email: str) -> None:
    made = manage(environment, "create_member", email, "--password-stdin", text="a long enough phrase\n")
    assert made.returncode == 0, made.stderr


def kept_in(data: Path) -> list[Path]:
    """Return the databases that restores have set aside."""
    return sorted(data.glob("netcrm.replaced-*.sqlite3"))


def test_backup_holds_identical_rows(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    make_member(environment, "alice@example.org")
    backup = tmp_path / "backup.sqlite3"
    saved = manage(environment, "backup", str(backup))
    assert (saved.returncode, saved.stderr) == (0, "")
    assert rows(backup) == rows(data / "netcrm.sqlite3")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_backup_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    existing = tmp_path / "precious"
    existing.write_text("keep me")
    refused = manage(clean_environment(NETCRM_DATA=str(data)), "backup", str(existing))
    assert refused.returncode == 1
    assert refused.stderr == f"CommandError: {existing} can't be made (File exists). Name another file.\n"
    assert existing.read_text() == "keep me"


def test_backup_is_restored_with_identical_rows(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    backup = tmp_path / "backup.sqlite3"
    make_member(environment, "alice@example.org")
    assert manage(environment, "backup", str(backup)).returncode == 0
    make_member(environment, "mallory@example.org")
    restored = manage(environment, "restore", str(backup), "--replace")
    (kept,) = kept_in(data)
    assert (restored.stderr, restored.stdout.splitlines()) == (
        "",
        [
            f"Restored from {backup}. Erased again: 0.",
            f"What was there is kept as {kept}. Remove it once all is well; to get it back: "
            f"make restore FILE={kept} REPLACE=1",
        ],
    )
    assert rows(data / "netcrm.sqlite3") == rows(backup)
    assert "mallory@example.org" in "".join(rows(kept))
    assert "mallory@example.org" not in "".join(rows(backup))


def test_what_was_replaced_is_got_back(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    backup = tmp_path / "backup.sqlite3"
    assert manage(environment, "backup", str(backup)).returncode == 0
    make_member(environment, "alice@example.org")
    before = rows(data / "netcrm.sqlite3")
    assert manage(environment, "restore", str(backup), "--replace").returncode == 0
    (first,) = kept_in(data)
    assert manage(environment, "restore", str(first), "--replace").returncode == 0
    assert rows(data / "netcrm.sqlite3") == before
    assert first in kept_in(data)
    assert len(kept_in(data)) == 2


def test_restore_into_an_empty_folder_needs_no_replace(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    backup = tmp_path / "backup.sqlite3"
    assert manage(environment, "backup", str(backup)).returncode == 0
    restored = manage(clean_environment(NETCRM_DATA=str(tmp_path / "fresh")), "restore", str(backup))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert rows(tmp_path / "fresh" / "netcrm.sqlite3") == rows(backup)


def test_restore_gives_up_no_database_unasked(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    backup = tmp_path / "backup.sqlite3"
    assert manage(environment, "backup", str(backup)).returncode == 0
    make_member(environment, "alice@example.org")
    before = rows(data / "netcrm.sqlite3")
    refused = manage(environment, "restore", str(backup))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"CommandError: {data}/netcrm.sqlite3 is there already. To put the backup in its place and keep that one "
        "beside it, add --replace (with make: REPLACE=1).\n",
    )
    assert rows(data / "netcrm.sqlite3") == before


def test_restore_refuses_what_is_no_backup(data: Path, tmp_path: Path) -> None:
    """tests/netcrm/test_database_file.py covers all reasons for a refusal."""
    foreign = tmp_path / "foreign"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE other (name text)")
    before = rows(data / "netcrm.sqlite3")
    refused = manage(clean_environment(NETCRM_DATA=str(data)), "restore", str(foreign), "--replace")
    assert (refused.returncode, refused.stderr) == (
        1,
        f"CommandError: {foreign} can't be restored, and nothing has changed. It is no database of netcrm. Name a file "
        "that `make backup` has made.\n",
    )
    assert rows(data / "netcrm.sqlite3") == before
    assert list(data.glob("*.restoring")) == []


def test_start_says_that_tables_do_not_fit(data: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    with closing(sqlite3.connect(data / "netcrm.sqlite3")) as connection:
        connection.execute("ALTER TABLE contacts_contact RENAME COLUMN notes TO remarks")
    sentence = (
        "The database was made by another version of netcrm, and its tables don't fit this one (contacts_contact: "
        "column notes is missing; contacts_contact: column remarks is unknown)."
    )
    for command in ("prepare", "serve"):
        refused = manage(environment, command)
        assert refused.returncode == 1
        assert sentence in refused.stderr


def test_prepare_refuses_a_running_instance(data: Path) -> None:
    with locked_folder(data):
        refused = manage(clean_environment(NETCRM_DATA=str(data)), "prepare")
    assert refused.stderr.startswith(f"CommandError: netcrm already runs with the data folder {data}")


def test_restore_refuses_a_running_instance(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    backup = tmp_path / "backup.sqlite3"
    assert manage(environment, "backup", str(backup)).returncode == 0
    with locked_folder(data):
        refused = manage(environment, "restore", str(backup), "--replace")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"CommandError: netcrm already runs with the data folder {data}")
