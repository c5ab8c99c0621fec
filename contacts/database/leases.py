"""A worker's lease on a row: how work that takes longer than a transaction is claimed, kept, lost and given back.

A lease is a timestamp in a column of the row. A conditional update writes it where the row is free, so of many workers
one gets it. It runs out when its holder has shown no sign of life for a while: a sweep then finds the row, and the next
worker takes it. `Lease` is for work that stores its progress: each step renews the timestamp and requires the one that
this worker wrote last, so an older holder never overwrites what a later one has done.

Mails and weekly letters are claimed otherwise: accounts/mail/outbox.py and favours/digest/sending.py say why.
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
from django.utils import timezone

from accounts.jobs import drop_lost_connection
from contacts.models import Leased, Network

logger = logging.getLogger(__name__)

H = TypeVar("H", bound=Leased)

STALE_AFTER = timedelta(seconds=45)
"""Silence after which the worker of an import or export is presumed dead."""
MOST_ATTEMPTS = 5
"""Attempts without progress before the work is given up: it may be what kills its workers."""

INTERRUPTIONS = (OperationalError, InterfaceError)
"""What the database raises when trying again may help: it is locked, unreachable, deadlocked or out of order."""


class LeaseLostError(Exception):
    """Another worker has the work, or the member has cancelled it."""


def is_free(column: str, lasts: timedelta, now: datetime) -> Q:
    """Returns the condition for rows that nobody holds at `now`: the lease in `column` was never taken, was given back
    or has run out, or it is dated so far ahead that the clock must have been set back since.
    """
    return Q((column, None)) | Q((f"{column}__lte", now - lasts)) | Q((f"{column}__gte", now + lasts))


def take(rows: QuerySet[Any], column: str, lasts: timedelta, **values: Any) -> datetime | None:
    """Take the lease in `column` on those of `rows` that are free, and store `values` with it.

    Returns the timestamp (UTC) that identifies the holder, or None if no row was free.
    """
    now = timezone.now()
    return now if rows.filter(is_free(column, lasts, now)).update(**{column: now}, **values) else None


class Lease(Generic[H]):
    """The lease on one row of `Leased` work. Whoever takes the row after a long silence has it from then on."""

    def __init__(self, row: H, heartbeat: datetime) -> None:
        self.row = row
        self.network: Network = row.network
        self._heartbeat = heartbeat

    @classmethod
    def take(cls, rows: QuerySet[H], key: int, states: Collection[str], **values: Any) -> Lease[H] | None:
        """Take the row with this primary key, count the attempt, and store `values` with it.

        Returns None unless the row is in one of the states and free.
        """
        waiting = rows.filter(pk=key, state__in=states)
        taken_at = take(waiting, "heartbeat_at", STALE_AFTER, attempts=F("attempts") + 1, **values)
        return cls(rows.get(pk=key), taken_at) if taken_at else None

    @property
    def is_hopeless(self) -> bool:
        """Whether the work was begun too often without progress."""
        return self.row.attempts > MOST_ATTEMPTS

    def step(self, **fields: Any) -> None:
        """Store progress in the given fields, and renew the lease. Raises LeaseLostError."""
        now = timezone.now()
        held = self._rows().filter(state=self.row.state, heartbeat_at=self._heartbeat)
        if not held.update(heartbeat_at=now, **fields):
            raise LeaseLostError
        self._heartbeat = now
        for name, value in fields.items():
            setattr(self.row, name, value)

    @contextmanager
    def beside(self) -> Iterator[Callable[..., None]]:
        """Yields `step` on a database connection of its own, for a thread that may not write as it reads a snapshot."""
        with ThreadPoolExecutor(1, thread_name_prefix="lease") as thread:
            try:
                yield lambda **fields: thread.submit(self.step, **fields).result()
            finally:
                thread.submit(connections.close_all)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Work under the lease. Losing it, or an interruption, ends the work without an error. Unless it was lost, the
        lease is given back when the work fails, and the next sweep may take it at once.
        """
        try:
            yield
        except LeaseLostError:
            logger.info("%s %s went on elsewhere or was cancelled.", type(self.row).__name__, self.row.pk)
        except INTERRUPTIONS:
            logger.warning(
                "%s %s was interrupted; the next sweep goes on.", type(self.row).__name__, self.row.pk, exc_info=True
            )
            self.release()
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the lease back. If the database can't be reached, the lease runs out by itself."""
        drop_lost_connection()
        try:
            self._rows().filter(heartbeat_at=self._heartbeat).update(heartbeat_at=None)
        except INTERRUPTIONS as problem:
            logger.warning(
                "%s %s is held until its heartbeat is old: %s", type(self.row).__name__, self.row.pk, problem
            )

    def _rows(self) -> QuerySet[H]:
        return type(self.row)._default_manager.filter(network=self.network, pk=self.row.pk)


def due(rows: QuerySet[H], states: Collection[str], now: datetime) -> list[int]:
    """Returns the primary keys of `Leased` rows that wait for a worker at `now`, or whose worker has died."""
    free = rows.filter(is_free("heartbeat_at", STALE_AFTER, now), state__in=states)
    return list(free.order_by("pk").values_list("pk", flat=True))
