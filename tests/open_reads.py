"""Fails a test that writes while rows are still being read on the same connection.

SQLite reads from the state at which a read began, and rejects any write on a connection that is reading an older state
than the latest. It does so immediately, and only if another connection has written in the meantime, so such code works
until two things happen at once. Every test runs under this guard (tests/conftest.py), which counts a queryset's
`iterator()` as open until it is exhausted, however few rows there are. Reads and writes in one transaction are safe: it
holds the write lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.sql import compiler

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|COPY|ANALYZE|CREATE|ALTER|DROP)\b", re.IGNORECASE)


class OpenReadError(AssertionError):
    """Something was written outside any transaction while rows were still being read."""


class OpenReads:
    """The open reads outside any transaction, by connection, and the writes that came in between."""

    def __init__(self) -> None:
        self._open: WeakKeyDictionary[BaseDatabaseWrapper, int] = WeakKeyDictionary()
        self.writes: list[str] = []

    def cursor_iter(self, cursor: Any, *arguments: Any) -> Iterator[Any]:
        """Call Django's function of the same name; the read counts as open until it ends."""
        connection = cursor.db
        if is_in_transaction(connection):
            yield from COUNTED(cursor, *arguments)
            return
        self._open[connection] = self._open.get(connection, 0) + 1
        try:
            yield from COUNTED(cursor, *arguments)
        finally:
            self._open[connection] -= 1

    def execute(self, cursor: Any, sql: Any, *arguments: Any, **options: Any) -> Any:
        """Call Django's `_execute_with_wrappers`, or raise OpenReadError for a write while a read is open."""
        if self._open.get(cursor.db) and WRITES.match(str(sql)) and not str(sql).startswith(BY_LIBRARIES):
            self.writes.append(str(sql))
            raise OpenReadError(f"Written while rows were being read:\n{sql}")
        return EXECUTED(cursor, sql, *arguments, **options)


# allauth deletes a member's expired sessions while it reads all of them: a hundred are read before the first is
# deleted, and no member has more.
BY_LIBRARIES = ('DELETE FROM "usersessions_usersession"',)

COUNTED = compiler.cursor_iter
EXECUTED = CursorWrapper._execute_with_wrappers


def is_in_transaction(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the application has begun a transaction; the one around each test does not count."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


@contextmanager
def no_write_while_reading() -> Iterator[OpenReads]:
    """Guard all threads during the block. Raises OpenReadError, again at the end in case it was swallowed."""
    reads = OpenReads()

    def execute(cursor: CursorWrapper, *arguments: Any, **options: Any) -> Any:
        return reads.execute(cursor, *arguments, **options)

    with (
        patch.object(compiler, "cursor_iter", reads.cursor_iter),
        patch.object(CursorWrapper, "_execute_with_wrappers", execute),
    ):
        yield reads
    if reads.writes:
        raise OpenReadError("\n".join(reads.writes))
