"""The scheduler of `celery beat`: publishes the sweeps and records beat's heartbeat."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from django.conf import settings
from django.db import Error, connection

from netcrm.models import Heartbeat, record_heartbeat

logger = logging.getLogger(__name__)

STARTED_AT = datetime.now(UTC) - timedelta(seconds=time.monotonic())
"""The time at which the monotonic clock was zero, by the system clock when beat started."""


def steady_now() -> datetime:
    """Return the time (UTC) by a clock that nobody sets: were it the system's, which can be set back, beat would be
    silent until that clock has caught up.
    """
    return STARTED_AT + timedelta(seconds=time.monotonic())


class SweepScheduler(Scheduler):  # type: ignore[misc]  # Celery has no types.
    """Publishes each entry once at startup and then at its interval.

    Every entry is a sweep that may be repeated at any time. So nothing has to be stored across restarts, and there is
    no schedule file that a kill could damage.
    """

    # Celery would wait here until the broker responds. Without a producer, each entry takes one from the pool and fails
    # after the timeouts in the settings, and beat goes on.
    producer = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._next_heartbeat = 0.0
        super().__init__(*arguments, **options)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.schedule.nowfun = steady_now
            entry.last_run_at = datetime.fromtimestamp(0, UTC)

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Publish what is due. Returns the seconds until the next call."""
        self._leave_heartbeat()
        return float(super().tick(*arguments, **options))

    def apply_entry(self, entry: ScheduleEntry, producer: None = None) -> None:
        """Publish one entry. If the broker is down, log it: the next sweep finds the work."""
        try:
            self.apply_async(entry, advance=False, retry=False)
        except SchedulingError as problem:
            logger.warning("Not published: %s", problem)

    def _leave_heartbeat(self) -> None:
        if time.monotonic() < self._next_heartbeat:
            return
        self._next_heartbeat = time.monotonic() + settings.NETCRM_SWEEP_SECONDS
        try:
            record_heartbeat(Heartbeat.Process.BEAT)
        except Error as problem:
            logger.warning("No heartbeat of beat: %s", problem)
        finally:
            connection.close()  # Others may need it more than beat does in the next minute.
