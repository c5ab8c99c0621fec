"""The jobs that recompute summaries: a burst takes only a few, and whatever happens to a job, the last state wins."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from contacts.models import Contact, Network
from favours import tasks
from favours.reciprocity import summaries
from tests.elsewhere import logged_here
from tests.favours.reciprocity.summaries.conftest import Broker, Clock, during, give, is_behind, stored

TODAY = date(2026, 5, 20)


def log_burst(network: Network, contact: Contact, broker: Broker, entries: int, pause: timedelta) -> None:
    """Log entries one by one, each with its hint, and let the worker run until nothing is left to do."""
    for _ in range(entries):
        give(network, contact)
        tasks.recompute_summary(network_id=network.pk)
        broker.clock.now += pause
        broker.deliver()
    while broker.messages:
        broker.clock.now += timedelta(seconds=1)
        broker.deliver()


@pytest.mark.parametrize(
    ("milliseconds", "recomputations"),
    [(0, 2), (20, 2), (300, 4), (900, 10), (1100, 100)],
    ids=["at once", "in two seconds", "in half a minute", "in a minute and a half", "one by one"],
)
def test_burst_of_entries_costs_a_handful_of_recomputations(
    network: Network, anna: Contact, broker: Broker, computations: list[date], milliseconds: int, recomputations: int
) -> None:
    log_burst(network, anna, broker, 100, timedelta(milliseconds=milliseconds))
    assert computations.count(TODAY) == recomputations
    assert not is_behind(network)
    assert stored(network)["2026-05-20"] == 100


def test_job_of_a_network_that_is_up_to_date_does_nothing(
    network: Network, anna: Contact, broker: Broker, clock: Clock, computations: list[date]
) -> None:
    give(network, anna)
    for _ in range(2):
        tasks.recompute_summary(network_id=network.pk)
        clock.now += timedelta(minutes=1)
    assert (computations, broker.messages) == ([date(2026, 4, 30), TODAY], [])


def test_job_leaves_a_recomputation_to_the_one_that_has_begun(
    network: Network, anna: Contact, broker: Broker, computations: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(network, anna)
    during(monkeypatch, lambda: tasks.recompute_summary(network_id=network.pk))
    tasks.recompute_summary(network_id=network.pk)
    assert (computations, broker.messages) == ([date(2026, 4, 30), TODAY], [])
    assert not is_behind(network)


def test_entry_during_a_recomputation_asks_for_another(
    network: Network, anna: Contact, broker: Broker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def log_and_hint() -> None:
        give(network, anna)
        tasks.recompute_summary(network_id=network.pk)

    give(network, anna)
    during(monkeypatch, log_and_hint)
    tasks.recompute_summary(network_id=network.pk)
    assert is_behind(network)
    for _ in range(3):
        clock.now += timedelta(seconds=1)
        broker.deliver()
    assert stored(network) == {"2026-04-30": 2, "2026-05-20": 2}
    assert broker.messages == []


def test_claim_of_a_worker_that_died_runs_out(
    network: Network, anna: Contact, broker: Broker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise MemoryError

    give(network, anna)
    during(monkeypatch, die)
    with pytest.raises(MemoryError):
        tasks.recompute_summary(network_id=network.pk)
    tasks.recompute_summary(network_id=network.pk)
    assert is_behind(network)
    clock.now += summaries.LEASE
    tasks.recompute_summary(network_id=network.pk)
    assert not is_behind(network)


def test_claim_does_not_outlast_a_clock_that_was_put_back(network: Network, anna: Contact, clock: Clock) -> None:
    give(network, anna)
    network.refresh_from_db()
    assert summaries.claim(network)
    clock.now -= summaries.LEASE
    assert summaries.claim(network)
    assert not summaries.claim(network)


def test_broker_that_forgets_a_waiting_job_loses_nothing(
    network: Network, anna: Contact, broker: Broker, clock: Clock
) -> None:
    for _ in range(2):
        give(network, anna)
        tasks.recompute_summary(network_id=network.pk)
    broker.messages.clear()
    clock.now += summaries.LEASE
    tasks.recompute_stale_summaries()
    broker.deliver()
    assert stored(network)["2026-05-20"] == 2


def test_sweep_hands_out_what_is_behind_and_nothing_else(
    network: Network, stranger_network: Network, anna: Contact, strangers_eve: Contact, broker: Broker
) -> None:
    give(network, anna)
    give(stranger_network, strangers_eve)
    summaries.recompute(stranger_network)
    tasks.recompute_stale_summaries()
    assert [kwargs for _instant, kwargs in broker.messages] == [{"network_id": network.pk}]


def test_sweep_is_bounded(network: Network, stranger_network: Network, anna: Contact, strangers_eve: Contact) -> None:
    give(network, anna)
    give(stranger_network, strangers_eve)
    assert len(summaries.networks_behind(1)) == 1
    assert sorted(summaries.networks_behind(2)) == sorted([network.pk, stranger_network.pk])


@pytest.mark.parametrize(
    "run",
    [
        lambda: tasks.recompute_summary(network_id=0),
        lambda: tasks.keep_month(network_id=0, month_end="2026-04-30"),
    ],
)
@pytest.mark.django_db
def test_job_of_a_network_that_has_gone_only_logs(run: Callable[[], None], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="favours.tasks"):
        run()
    assert len(logged_here(caplog)) == 1
