"""Reading for long from one committed state, while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads in the block see the same committed state, and hold no writer up.

    Nothing can be written on this thread's connection meanwhile: on SQLite, a connection that reads an older state than
    the latest is refused any write at once, so every write in the block is. Progress goes through a connection of its
    own (see `Lease.beside`). A caller's transaction is joined as it is: its isolation holds, and it may write.
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
    """Let SQLite begin transactions without the lock for writing, and refuse every write."""
    connection.ensure_connection()  # It sets the mode of the settings.
    writing = connection.transaction_mode
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        connection.transaction_mode = "DEFERRED"
        try:
            yield
        finally:
            connection.transaction_mode = writing
            cursor.execute("PRAGMA query_only = OFF")
