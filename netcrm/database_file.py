"""Copying, checking and replacing the database file of an embedded instance.

At any time there is a complete database at its path. A replaced database is kept next to it under another name, and
`clear_unfinished` cleans up after an interrupted swap.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from accounts.disk import sqlite_code
from contacts.transfer.whole_files import sync

SIDE_FILES = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite may keep next to a database, which is incomplete without its log."""

HEADER = b"SQLite format 3\0"
"""The first bytes of every database. If they are missing, SQLite would discard the log."""


class DatabaseFileError(Exception):
    """The file can't be used. The message says why and what to do, for the person at the terminal."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a consistent state of the SQLite database `source` to the new file `target`, and check the copy.

    Only the owner may read the copy, because it contains everything. Raises OSError if `target` exists or can't be
    created, DatabaseFileError unless `source` is an intact database of netcrm, and sqlite3.Error for other failures. An
    unfinished copy is deleted.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        # SQLite would create an empty database if the file did not exist.
        existing = f"{source.resolve().as_uri()}?mode=rw"
        with (
            contextlib.closing(sqlite3.connect(existing, uri=True)) as live,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            # Make it a single file, without a separate log.
            copy.execute("PRAGMA journal_mode=DELETE")
            _check(copy)
        sync(target)
        sync(target.parent)
    except BaseException as problem:
        remove_database(target)
        code = sqlite_code(problem)
        if code == sqlite3.SQLITE_NOTADB:
            raise DatabaseFileError("It is no SQLite database. Name a file that `make backup` has made.") from problem
        if code == sqlite3.SQLITE_CORRUPT:
            raise _damaged(str(problem)) from problem
        raise


def dangling_rows(database: Path) -> str:
    """Return a list, as text, of the tables whose rows refer to missing rows; "" if there are none."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        places = {(table, other) for table, _row, other, _key in connection.execute("PRAGMA foreign_key_check")}
    return ", ".join(f"{table} names rows of {other} that are gone" for table, other in sorted(places))


def swap_in(draft: Path, database: Path) -> Path | None:
    """Replace `database` by the database `draft`. Returns the path of the previous one, or None if there was none.

    The caller must hold the lock of the data folder. Raises DatabaseFileError if `database` is in use, OSError or
    sqlite3.Error; after these, `clear_unfinished` restores the previous database.
    """
    _close_log(draft)
    sync(draft)
    kept = _keep(database) if database.exists() else None
    draft.replace(database)
    sync(database.parent)
    return kept


def draft_of(database: Path) -> Path:
    """Return the path at which the replacement of `database` is prepared."""
    return database.with_suffix(".restoring")


def clear_unfinished(database: Path) -> None:
    """Clean up after an interrupted restore. The caller must hold the lock of the data folder. Raises OSError."""
    for kept in database.parent.glob(f"{database.stem}.replaced-*{database.suffix}"):
        # A second name of the database in use, which SQLite must never open under both names.
        if database.exists() and kept.samefile(database):
            for suffix in SIDE_FILES:
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{kept}{suffix}").replace(f"{database}{suffix}")
            kept.unlink()
    remove_database(draft_of(database))


def remove_database(file: Path) -> None:
    """Delete a database, if it exists, and its side files. Raises OSError."""
    for path in (file, *_beside(file)):
        path.unlink(missing_ok=True)


def make_private(database: Path) -> None:
    """Make an existing database and its side files readable by their owner only."""
    for file in (database, *_beside(database)):
        if file.exists():
            file.chmod(0o600)


def _check(copy: sqlite3.Connection) -> None:
    (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise _damaged(" ".join(verdict.split()))
    tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"contacts_network", "django_migrations"} <= tables:
        raise DatabaseFileError("It is no database of netcrm. Name a file that `make backup` has made.")


def _damaged(how: str) -> DatabaseFileError:
    return DatabaseFileError(f"It is damaged ({how}). Take another backup.")


def _close_log(file: Path) -> None:
    """Move the content of a database's log into the file itself, which is complete afterwards."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master")  # Rolls back a transaction that a crash interrupted.
        connection.execute("PRAGMA journal_mode=DELETE")


def _keep(database: Path) -> Path:
    """Give the database that is about to be replaced an additional name, and return that path."""
    try:
        with database.open("rb") as file:
            is_readable = file.read(len(HEADER)) == HEADER
        if is_readable:
            _close_log(database)
    except sqlite3.OperationalError as problem:
        if sqlite_code(problem) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise DatabaseFileError(
                f"{database} is in use. Stop netcrm and all other programs that use it, then restore again."
            ) from problem
        raise
    except sqlite3.DatabaseError:
        pass  # It is damaged, which may be the reason for the restore; keep it as it is, together with its log.
    kept = _linked(database)
    for path in _beside(database):
        with contextlib.suppress(FileNotFoundError):
            path.replace(f"{kept}{path.name.removeprefix(database.name)}")
    sync(database.parent)
    return kept


def _linked(database: Path) -> Path:
    """Link the database under a free name with the current time (UTC), and return that path."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for number in count(1):
        kept = database.with_name(f"{database.stem}.replaced-{now}{f'-{number}' * (number > 1)}{database.suffix}")
        try:
            # A link instead of a rename: the database always keeps its name, and nothing is overwritten.
            os.link(database, kept)
        except FileExistsError:
            continue
        return kept
    raise AssertionError("count() has no end")


def _beside(file: Path) -> Iterator[Path]:
    return (Path(f"{file}{suffix}") for suffix in SIDE_FILES)
