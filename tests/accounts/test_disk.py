"""A full disk is recognised by its errors, and by trying to write in each folder that netcrm uses."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import BadRequest
from django.db import Error, OperationalError, connection

from accounts import disk
from accounts.disk import full_folders, in_a_sentence, is_disk_full, is_full


def by_sqlite(code: int) -> OperationalError:
    """Return Django's exception for an SQLite error with this code."""
    problem, told = sqlite3.OperationalError("something"), OperationalError("something")
    problem.sqlite_errorcode = code  # type: ignore[misc]
    told.__cause__ = problem
    return told


def led_to(told: Exception, problem: Exception) -> Exception:
    told.__context__ = problem
    return told


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every attempt to write a temporary file fail."""

    def refuse(**_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)


@pytest.mark.parametrize(
    ("problem", "is_it"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (by_sqlite(sqlite3.SQLITE_FULL), True),
        (by_sqlite(sqlite3.SQLITE_BUSY), False),
        (by_sqlite(sqlite3.SQLITE_IOERR_WRITE), False),
        (led_to(OperationalError("full"), psycopg.errors.DiskFull("full")), True),
        (led_to(BadRequest("the session is gone"), by_sqlite(sqlite3.SQLITE_FULL)), True),
        (OperationalError("the connection is lost"), False),
        (None, False),
    ],
)
def test_full_disk_is_told_from_other_problems(problem: Exception | None, is_it: bool) -> None:
    assert is_disk_full(problem) is is_it


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_CANTOPEN])
@pytest.mark.usefixtures("no_room")
def test_vague_error_of_sqlite_is_one_where_nothing_can_be_written(code: int) -> None:
    """SQLite reports an exceeded disk quota as an "I/O error"."""
    assert is_disk_full(by_sqlite(code))


def test_disk_with_room_is_not_full(db: None) -> None:
    assert (full_folders(), is_full()) == ([], False)


@pytest.mark.usefixtures("no_room")
def test_full_folders_are_named_with_the_remedy(data_folder: Path) -> None:
    assert is_full()
    assert in_a_sentence() == (
        f"The disk of {data_folder} and of {tempfile.gettempdir()} is full. Make room there, then try again."
    )


def test_folder_that_cannot_be_written_at_all_is_not_full(data_folder: Path, settings: object) -> None:
    """A different check reports such a folder, and in containers some folders are read-only on purpose."""
    settings.DATA_DIR = data_folder / "missing"  # type: ignore[attr-defined]
    assert full_folders() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL's server about its disk")
def test_postgresql_is_asked_to_write(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL temp_file_limit = '200kB'")
    with pytest.raises(Error, match="temp_file_limit"):
        disk.is_full()
