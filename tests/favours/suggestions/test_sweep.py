"""The sweep that makes the rounds for a new week."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from accounts.models import User
from contacts.models import Network
from contacts.people.conversations import hear
from favours import tasks
from favours.models import Round
from favours.suggestions.drawing import draw_up
from favours.suggestions.rounds import current_round, make_round, networks_without_round
from tests.favours.conftest import make_people
from tests.favours.suggestions.conftest import days


@pytest.mark.parametrize(
    ("instant", "zone", "made_on", "missing"),
    [
        (datetime(2026, 5, 3, 21, 59, tzinfo=UTC), "Europe/Berlin", days(3), False),
        (datetime(2026, 5, 3, 22, 0, tzinfo=UTC), "Europe/Berlin", days(3), True),
        (datetime(2026, 5, 3, 22, 0, tzinfo=UTC), "America/New_York", days(3), False),
        (datetime(2026, 5, 3, 12, 0, tzinfo=UTC), "Pacific/Auckland", days(3), True),
    ],
)
def test_sweep_finds_networks_whose_week_began(
    alice: User, network: Network, instant: datetime, zone: str, made_on: date, missing: bool
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    make_people(network, "Anna")
    make_round(network, made_on)
    assert networks_without_round(instant, 10) == ([network.pk] if missing else [])


def test_sweep_finds_an_empty_week_again_once_something_was_heard(network: Network) -> None:
    (jana,) = make_people(network, "Jana")
    make_round(network, network.today())
    assert networks_without_round(timezone.now(), 10) == []
    hear(network, contact=jana, kind="seeks", text="an office", day=network.today())
    assert networks_without_round(timezone.now(), 10) == [network.pk]
    make_round(network, network.today())
    assert networks_without_round(timezone.now(), 10) == []


def test_sweep_leaves_networks_without_people_alone(network: Network, stranger_network: Network) -> None:
    make_people(stranger_network, "Eve")
    assert networks_without_round(timezone.now(), 10) == [stranger_network.pk]


def test_sweep_hands_out_batches(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    make_people(network, "Anna")
    handed: list[dict] = []
    monkeypatch.setattr(tasks.make_rounds, "apply_async", lambda kwargs, **options: handed.append(kwargs))
    tasks.make_missing_rounds()
    assert handed == [{"network_ids": [network.pk]}]
    tasks.make_rounds(**handed[0])
    assert current_round(network, network.today()) is not None


def test_round_that_fails_holds_up_no_other(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_alice(networks: list[Network], day: date) -> list[Round]:
        if network in networks:
            raise ValueError
        return draw_up(networks, day)

    monkeypatch.setattr("favours.suggestions.rounds.draw_up", fail_for_alice)
    tasks.make_rounds([network.pk, stranger_network.pk])
    assert list(Round.objects.values_list("network", flat=True)) == [stranger_network.pk]
