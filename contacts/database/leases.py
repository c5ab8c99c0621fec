"""A worker's lease on what takes long, such as an import or an export: taken, renewed, lost.

A worker that dies loses its beginnings, never the work: a sweep finds that its heartbeat has stopped, and the next
worker takes the lease. Two never both write: each step is made on the condition that the heartbeat is the one that this
worker wrote last.
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
"""A worker that has shown no sign of life for so long is taken for dead."""
MOST_ATTEMPTS = 5
"""What was begun so often without any progress is parked: it may be what kills its workers."""

INTERRUPTIONS = (OperationalError, InterfaceError)
"""What a database raises when it may be well the next time: it is locked, lost, deadlocked, or out of order."""


class LeaseLostError(Exception):
    """Another worker has the work, or the member has cancelled it."""


class Lease(Generic[H]):
    """The lease on a row, which is lost to whoever takes it after a long silence."""

    def __init__(self, row: H, heartbeat: datetime) -> None:
        self.row = row
        self.network: Network = row.network
        self._heartbeat = heartbeat

    @classmethod
    def take(cls, rows: QuerySet[H], key: int, states: Collection[str], **values: Any) -> Lease[H] | None:
        """The lease on the row of this primary key, which gets `values`; nothing unless it is in one of the states and
        no living worker has it.
        """
        now = timezone.now()
        waiting = rows.filter(_is_free(now), pk=key, state__in=states)
        if not waiting.update(heartbeat_at=now, attempts=F("attempts") + 1, **values):
            return None
        return cls(rows.get(pk=key), now)

    @property
    def is_hopeless(self) -> bool:
        """Whether the work was begun too often."""
        return self.row.attempts > MOST_ATTEMPTS

    def step(self, **fields: Any) -> None:
        """Store progress, and with it a sign of life. Raises LeaseLostError."""
        now = timezone.now()
        held = self._rows().filter(state=self.row.state, heartbeat_at=self._heartbeat)
        if not held.update(heartbeat_at=now, **fields):
            raise LeaseLostError
        self._heartbeat = now
        for name, value in fields.items():
            setattr(self.row, name, value)

    @contextmanager
    def beside(self) -> Iterator[Callable[..., None]]:
        """`step`, but on a connection of its own: for a thread that reads a snapshot, which may not write meanwhile."""
        with ThreadPoolExecutor(1, thread_name_prefix="lease") as thread:
            try:
                yield lambda **fields: thread.submit(self.step, **fields).result()
            finally:
                thread.submit(connections.close_all)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Work under the lease. Losing it, or an interruption, ends the work without an error; after anything but a
        loss the next sweep may take it at once.
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
        """Let the next sweep take the row at once, or once its heartbeat is old if the database can't be reached."""
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
    """The primary keys of the rows that wait for a worker, or whose worker has died."""
    return list(rows.filter(_is_free(now), state__in=states).order_by("pk").values_list("pk", flat=True))


def _is_free(now: datetime) -> Q:
    return Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - STALE_AFTER)
