"""A worker's lease on a row: how work that takes longer than a transaction is claimed, kept, lost and released.

A lease is a timestamp in a column of the row. A conditional update writes it only if the row is free, so only one of
many workers gets it. It expires when its holder has not renewed it for a while: then a sweep finds the row, and another
worker takes it. `Lease` is for work that stores its progress: each step renews the timestamp, and succeeds only if the
column still holds the timestamp that this worker wrote last, so a former holder never overwrites the work of a later
one.

Mails and weekly letters are claimed differently; accounts/mail/outbox.py and favours/digest/sending.py explain why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import InterfaceError, OperationalError, connections
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.disk import is_disk_full, is_full
from accounts.jobs import drop_lost_connection
from contacts.models import Leased, Network

logger = logging.getLogger(__name__)

H = TypeVar("H", bound=Leased)

STALE_AFTER = timedelta(seconds=45)
"""Time without a heartbeat after which the worker of an import or export is presumed dead."""
MOST_ATTEMPTS = 5
"""Attempts without progress before the work is given up: it may be crashing its workers."""

INTERRUPTIONS = (OperationalError, InterfaceError)
"""Database errors after which a retry may succeed: locked, unreachable, deadlocked or failing temporarily."""


class LeaseLostError(Exception):
    """Another worker has the work, or the member has cancelled it."""


def is_free(column: str, lasts: timedelta, now: datetime) -> Q:
    """Return the condition for rows that no worker holds at `now`.

    Their lease in `column` was never taken, was released or has expired, or it is dated so far in the future that the
    clock must have been set back since.
    """
    return Q((column, None)) | Q((f"{column}__lte", now - lasts)) | Q((f"{column}__gte", now + lasts))


def take(rows: QuerySet[Any], column: str, lasts: timedelta, **values: Any) -> datetime | None:
    """Take the lease in `column` on those of `rows` that are free, and store `values` with it.

    Return the timestamp (UTC) that identifies the holder, or None if no row was free.
    """
    now = timezone.now()
    return now if rows.filter(is_free(column, lasts, now)).update(**{column: now}, **values) else None


class Lease(Generic[H]):
    """The lease on one row of `Leased` work. Once it has expired, another worker may take the row."""

    def __init__(self, row: H, heartbeat: datetime) -> None:
        self.row = row
        self.network: Network = row.network
        self._heartbeat = self._heartbeat_before = heartbeat

    @classmethod
    def take(cls, rows: QuerySet[H], key: int, states: Collection[str], **values: Any) -> Lease[H] | None:
        """Take the row with this primary key, count the attempt, and store `values` with it.

        Return None unless the row is free and in one of the states.
        """
        waiting = rows.filter(pk=key, state__in=states)
        taken_at = take(waiting, "heartbeat_at", STALE_AFTER, attempts=F("attempts") + 1, **values)
        return cls(rows.get(pk=key), taken_at) if taken_at else None

    @property
    def is_hopeless(self) -> bool:
        """Whether the work was started too often without progress."""
        return self.row.attempts > MOST_ATTEMPTS

    def step(self, **fields: Any) -> None:
        """Store progress in the given fields, and renew the lease. Raises LeaseLostError."""
        now = timezone.now()
        held = self._rows().filter(state=self.row.state, heartbeat_at=self._heartbeat)
        if not held.update(heartbeat_at=now, **fields):
            raise LeaseLostError
        # If the caller's transaction fails, the row keeps the previous one.
        self._heartbeat, self._heartbeat_before = now, self._heartbeat
        for name, value in fields.items():
            setattr(self.row, name, value)

    @contextmanager
    def beside(self) -> Iterator[Callable[..., None]]:
        """Yield a `step` with its own database connection.

        For work that reads a snapshot, whose connection must not write meanwhile.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="lease") as thread:
            try:
                yield lambda **fields: thread.submit(self.step, **fields).result()
            finally:
                thread.submit(connections.close_all)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Run the block under the lease.

        Losing the lease, or a database interruption, ends the block without an error. If the block fails for any other
        reason than a lost lease, the lease is released, so that the next sweep can take the row at once. An attempt
        that a full disk ended does not count, because the disk may stay full for long.
        """
        try:
            yield
        except LeaseLostError:
            logger.info("%s %s went on elsewhere or was cancelled.", type(self.row).__name__, self.row.pk)
        except INTERRUPTIONS as problem:
            logger.warning(
                "%s %s was interrupted; the next sweep goes on.", type(self.row).__name__, self.row.pk, exc_info=True
            )
            self.release(uncounted=is_disk_full(problem))
        except BaseException:
            self.release()
            raise

    def release(self, *, uncounted: bool = False) -> None:
        """Release the lease. If the database can't be reached, the lease expires by itself.

        With `uncounted`, the attempt does not count.
        """
        drop_lost_connection()
        held = self._rows().filter(heartbeat_at__in=(self._heartbeat, self._heartbeat_before))
        try:
            held.update(heartbeat_at=None, attempts=Greatest(F("attempts") - int(uncounted), 0))
        except INTERRUPTIONS as problem:
            logger.warning(
                "%s %s is held until its heartbeat is old: %s", type(self.row).__name__, self.row.pk, problem
            )

    def _rows(self) -> QuerySet[H]:
        return type(self.row)._default_manager.filter(network=self.network, pk=self.row.pk)


def waits_for_room(row: Leased) -> bool:
    """Return whether no worker holds the row, and none could make progress because the disk is full."""
    seen_at = row.heartbeat_at
    is_held = seen_at is not None and abs(timezone.now() - seen_at) < STALE_AFTER
    return not is_held and is_full()


def due(rows: QuerySet[H], states: Collection[str], now: datetime) -> list[int]:
    """Return the primary keys of `Leased` rows that wait for a worker at `now`, or whose worker has died."""
    free = rows.filter(is_free("heartbeat_at", STALE_AFTER, now), state__in=states)
    return list(free.order_by("pk").values_list("pk", flat=True))
