"""Long reads from one committed state, while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Make all reads in the block see the same committed state, without blocking any writer.

    Meanwhile nothing can be written on this thread's connection: SQLite refuses any write on a connection that reads a
    state older than the latest, so the block refuses all writes. Progress is stored through a second connection (see
    `Lease.beside`). Inside a caller's transaction, the block has that transaction's isolation instead, and may write.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _reading(connection), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def _reading(connection: Any) -> Iterator[None]:
    """Make SQLite begin transactions without the write lock, and refuse every write."""
    connection.ensure_connection()  # This applies the transaction mode from the settings.
    writing = connection.transaction_mode
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        connection.transaction_mode = "DEFERRED"
        try:
            yield
        finally:
            connection.transaction_mode = writing
            cursor.execute("PRAGMA query_only = OFF")
