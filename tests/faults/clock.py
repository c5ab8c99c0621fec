"""The clock is set back while beat runs: the sweeps go on.

`celery beat --scheduler tests.faults.clock:ShiftedScheduler` has a clock that differs from the system's by the seconds
in the file that NETCRM_TEST_CLOCK names; they may change at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.faults.figures import Figure
from tests.processes.deployment import Deployment
from tests.servers import wait_until

SWEEP = 5
"""Seconds between two sweeps."""
ON_THE_WAY = 1.0
"""Seconds after which jobs that were published before have arrived."""
HOUR = 3600


def set_back(deployment: Deployment, rounds: int) -> Iterator[Figure]:
    """Set beat's clock back by an hour, `rounds` times."""
    shift = deployment.folder / "clock"
    shift.write_text("0")
    deployment.stop("beat")
    deployment.start(
        "beat",
        "--scheduler",
        "tests.faults.clock:ShiftedScheduler",
        NETCRM_SWEEP_SECONDS=str(SWEEP),
        NETCRM_TEST_CLOCK=str(shift),
    )
    slowest = 0.0
    _wait_for_a_sweep(deployment)
    for number in range(1, rounds + 1):
        begin = time.monotonic()
        shift.write_text(str(-HOUR * number))
        time.sleep(ON_THE_WAY)
        _wait_for_a_sweep(deployment)
        slowest = max(slowest, time.monotonic() - begin)
    deployment.stop("beat")
    deployment.start("beat")
    yield Figure("beat publishes again after", slowest / SWEEP, 2, " sweeps")


def _wait_for_a_sweep(deployment: Deployment) -> None:
    """Wait until the worker gets a job from beat."""
    query = "SELECT seen_at FROM netcrm_heartbeat WHERE process = 'worker'"
    before = deployment.rows(query)
    wait_until(lambda: deployment.rows(query) != before, "beat's jobs get to the worker")


if shifted_by := os.environ.get("NETCRM_TEST_CLOCK"):
    from netcrm.beat import SweepScheduler

    class ShiftedScheduler(SweepScheduler):
        """netcrm's scheduler in a process whose clock is shifted."""

        def __init__(self, app: Any, **options: Any) -> None:
            def now(*, utc: bool = True) -> datetime:
                return datetime.now(UTC) + timedelta(seconds=float(Path(shifted_by).read_text() or 0))

            app.loader.now = timezone.now = now
            super().__init__(app, **options)
