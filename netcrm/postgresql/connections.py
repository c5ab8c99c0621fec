"""A connection that gives up on a frozen server."""

from __future__ import annotations

from time import monotonic
from typing import TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

from netcrm.postgresql.silence import LONGEST_SILENCE, Outage, gives_sign_of_life

T = TypeVar("T")

outage = Outage()


class WatchedConnection(psycopg.Connection[TupleRow]):
    """A connection whose waits end when the server neither answers nor gives a sign of life."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Run `gen`, which waits for the server, to its end and return its result.

        `gen` is resumed at least every `interval` seconds.

        Raises psycopg.OperationalError if the server is frozen, after less than three seconds.
        """
        return super().wait(self._heard(gen), interval, timeout)

    def _heard(self, gen: PQGen[T]) -> PQGen[T]:
        """Wrap `gen`, and check the server whenever it has sent nothing for LONGEST_SILENCE seconds."""
        ready, heard_at = None, monotonic()
        while True:
            try:
                wanted = next(gen) if ready is None else gen.send(ready)
            except StopIteration as end:
                result: T = end.value
                return result
            ready = yield wanted
            now = monotonic()
            if ready:
                heard_at = now
            elif now - heard_at > LONGEST_SILENCE:
                self._ask_for_sign_of_life()
                heard_at = monotonic()

    def _ask_for_sign_of_life(self) -> None:
        """Close the connection and raise psycopg.OperationalError if the server is frozen."""
        if outage.is_recent or not gives_sign_of_life(self.info.hostaddr or self.info.host, self.info.port):
            self.pgconn.finish()
            outage.note()
            raise psycopg.OperationalError("the connection is closed, as the server does not answer")
