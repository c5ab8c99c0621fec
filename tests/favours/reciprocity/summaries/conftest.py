"""Alice's clock and time zone, and the summaries that are stored, computed and handed to the broker for her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact, Network
from favours import tasks
from favours.models import Favour
from favours.reciprocity import Figures, network_figures, summaries
from tests.favours.entries import log_favour

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
"""14:00 on the same day in Berlin."""


class Clock:
    """The application's clock, which the tests can set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(NOON)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def network(network: Network) -> Network:
    """Alice's network. She lives in Berlin."""
    network.owner.time_zone = "Europe/Berlin"
    network.owner.save()
    return network


class Broker:
    """The recomputations handed to the broker, each with the time from which a worker may take it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.messages: list[tuple[datetime, dict[str, int]]] = []

    def publish(self, kwargs: dict[str, int], countdown: float = 0, **_options: Any) -> None:
        self.messages.append((self.clock.now + timedelta(seconds=countdown), kwargs))

    def deliver(self) -> None:
        """Let the worker do everything that is due now."""
        due = [message for message in self.messages if message[0] <= self.clock.now]
        self.messages = [message for message in self.messages if message not in due]
        for _instant, kwargs in due:
            tasks.recompute_summary(**kwargs)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Broker:
    broker = Broker(clock)
    monkeypatch.setattr(tasks.recompute_summary, "apply_async", broker.publish)
    return broker


@pytest.fixture
def computations(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The as-of dates for which figures were computed."""
    days: list[date] = []

    def counted(network: Network, as_of: date, **options: Any) -> Figures:
        days.append(as_of)
        return network_figures(network, as_of, **options)

    monkeypatch.setattr(summaries, "network_figures", counted)
    return days


def give(network: Network, contact: Contact, day: date = date(2026, 5, 20)) -> Favour:
    return log_favour(network, direction="give", kind="tip", day=day, contacts=[contact])


def is_behind(network: Network) -> bool:
    network = Network.objects.get(pk=network.pk)
    behind = summaries.is_behind(network, summaries.running_summary(network))
    assert behind == (summaries.networks_behind(10) == [network.pk])
    return behind


def stored(network: Network) -> dict[str, int]:
    """Return the revision of each stored summary, by its as-of date."""
    return {str(summary.as_of): summary.revision for summary in network.summaries.order_by("as_of")}


def during(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Make `act` happen once, in the middle of the next computation."""
    acts, compute = [act], summaries.network_figures

    def interrupted(network: Network, as_of: date, **options: Any) -> Figures:
        figures = compute(network, as_of, **options)
        if acts:
            acts.pop()()
        return figures

    monkeypatch.setattr(summaries, "network_figures", interrupted)
