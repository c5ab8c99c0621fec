"""Beat publishes jobs on schedule even if the system's clock is changed."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from celery.beat import ScheduleEntry

from netcrm import beat

SWEEP = 60.0
BEGIN = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Clocks:
    """The system's clock, which can be set, and the monotonic clock, which cannot."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.set_by = timedelta()

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds) + self.set_by

    def steady_now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)


class Scheduler(beat.SweepScheduler):
    """Records each job that it publishes, with the second."""

    def __init__(self, clocks: Clocks, app: Celery) -> None:
        self.published: list[tuple[str, float]] = []
        self._clocks = clocks
        super().__init__(app)

    def apply_entry(self, entry: ScheduleEntry, producer: None = None) -> None:
        self.published.append((entry.name, self._clocks.seconds))

    def _leave_heartbeat(self) -> None:
        """Leave the database alone."""

    def run(self, seconds: float) -> None:
        """Let `seconds` pass as `celery beat` does: publish the due jobs, then sleep for as long as `tick` returns."""
        end = self._clocks.seconds + seconds
        while self._clocks.seconds < end:
            self._clocks.seconds += max(self.tick(), 0.01)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(beat, "steady_now", clocks.steady_now)
    return clocks


@pytest.fixture
def scheduler(clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    app = Celery("clocks", set_as_current=False)
    app.conf.beat_schedule = {
        name: {"task": name, "schedule": SWEEP, "options": {"expires": SWEEP}} for name in ("mail", "imports")
    }
    monkeypatch.setattr(app, "now", clocks.now)
    return Scheduler(clocks, app)


def test_everything_is_published_at_the_start_and_at_each_sweep(scheduler: Scheduler) -> None:
    scheduler.run(3 * SWEEP - 1)
    assert sorted((name, round(second, -1)) for name, second in scheduler.published) == [
        (name, second) for name in ("imports", "mail") for second in (0, 60, 120)
    ]


@pytest.mark.parametrize("hours", [-1, -48, 1])
def test_clock_that_is_set_changes_nothing(scheduler: Scheduler, clocks: Clocks, hours: int) -> None:
    scheduler.run(SWEEP / 2)
    clocks.set_by = timedelta(hours=hours)
    scheduler.published.clear()
    scheduler.run(2 * SWEEP)
    assert [name for name, _second in scheduler.published].count("mail") == 2


def test_steady_clock_agrees_with_the_systems() -> None:
    assert abs(beat.steady_now() - datetime.now(UTC)) < timedelta(seconds=5)
