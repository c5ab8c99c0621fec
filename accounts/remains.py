"""Removes the traces of deleted rows from SQLite's files.

With `secure_delete`, which the settings switch on, SQLite overwrites deleted rows. But earlier versions of their pages
stay in the write-ahead log until it is truncated. PostgreSQL cleans up by itself, and no command of netcrm could speed
that up.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

from accounts.jobs import hint

logger = logging.getLogger(__name__)

PATIENCE = 1000
"""Milliseconds for which truncating the log waits for readers; a member may be waiting for it."""


def wipe_after_commit() -> None:
    """Truncate the write-ahead log once the current transaction has committed."""
    transaction.on_commit(wipe, robust=True)


def wipe() -> bool:
    """Truncate SQLite's write-ahead log. Returns False if a reader prevents it; the next sweep then tries again."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            (is_busy, *_pages) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
    if is_busy:
        logger.info("The write-ahead log is being read; the next sweep empties it.")
        hint("accounts.wipe_remains")
    return not is_busy
