"""What SQLite leaves of deleted rows in its files.

With `secure_delete`, which the settings switch on, it overwrites what is deleted; but the pages as they were before
stay in the write-ahead log until that begins anew. PostgreSQL has its own ways, which no command of ours reaches.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

from accounts.jobs import hint

logger = logging.getLogger(__name__)

PATIENCE = 1000
"""Milliseconds that emptying the log waits for readers; a member may be waiting, too."""


def wipe_after_commit() -> None:
    """Empty the write-ahead log once the running transaction has committed."""
    transaction.on_commit(wipe, robust=True)


def wipe() -> bool:
    """Empty the write-ahead log of an SQLite database; False if somebody reads on, so that the next sweep has to."""
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
