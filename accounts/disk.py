"""Detecting a full disk, from the errors that it causes and by trying to write.

There may be several disks, and all of them are checked: the disk of the data folder, that of temporary files (used by
uploads and exports), and that of PostgreSQL, which may be on a different machine.
"""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import Error, connection, transaction

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
"""System errors that mean a full disk or an exhausted quota."""

POSTGRESQL_FULL = "53100"
"""PostgreSQL's SQLSTATE for a full disk."""

PERHAPS_NO_ROOM = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
"""SQLite's codes for other file errors, such as an exhausted quota, or no room for a file next to the database."""

LEAST_ROOM = 1_000_000
"""Bytes that have to fit into a folder. With less, some entries might still be stored, but no file and no batch."""

SPILL = "SELECT count(*) FROM (SELECT n FROM generate_series(1, 15000) AS n ORDER BY -n OFFSET 0) AS sorted"
"""Makes PostgreSQL write a temporary file of some 300 kB if it has little memory."""


def is_disk_full(problem: BaseException | None) -> bool:
    """Return whether an error, or any of its causes, means that a disk is full."""
    return any(_means_full(cause) for cause in causes(problem))


def full_folders() -> list[Path]:
    """Return the folders of netcrm that have no room, determined by writing a little into each."""
    folders = dict.fromkeys((Path(settings.DATA_DIR), Path(tempfile.gettempdir())))
    return [folder for folder in folders if not _has_room(folder)]


def is_full() -> bool:
    """Return whether there is no room in a place where netcrm or its database writes.

    Raises django.db.Error if PostgreSQL can't be reached.
    """
    return bool(full_folders()) or (connection.vendor == "postgresql" and not _has_postgresql_room())


def in_a_sentence() -> str:
    """Return which disk is full and what to do, for the person at the terminal."""
    places = " and of ".join(str(folder) for folder in full_folders()) or "the database"
    return f"The disk of {places} is full. Make room there, then try again."


def causes(problem: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and, one after the other, those that led to it."""
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _means_full(problem: BaseException) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in NO_ROOM
    if getattr(problem, "sqlstate", None) == POSTGRESQL_FULL:
        return True
    code = sqlite_code(problem)
    return code == sqlite3.SQLITE_FULL or (code in PERHAPS_NO_ROOM and not _has_room(Path(settings.DATA_DIR)))


def sqlite_code(problem: BaseException) -> int:
    """Return SQLite's primary code of an error; 0 if it isn't from SQLite."""
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF


def _has_room(folder: Path) -> bool:
    """Return whether LEAST_ROOM bytes can be written to a file in `folder`; also True if something else prevents it."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(LEAST_ROOM))
    except OSError as problem:
        return problem.errno not in NO_ROOM
    return True


def _has_postgresql_room() -> bool:
    """Return whether PostgreSQL can write; nothing is stored. Raises django.db.Error if it can't be reached."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64kB'")
            cursor.execute(SPILL)
    except Error as problem:
        if is_disk_full(problem):
            return False
        raise
    return True
