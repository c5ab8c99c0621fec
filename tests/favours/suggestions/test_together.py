"""Rounds of several members made together equal those made separately, with a few queries for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.middleware import network_of
from contacts.models import Network
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours import tasks
from favours.models import LetterSettings, Round
from favours.suggestions.drawing import draw_up
from favours.suggestions.rounds import current_round, current_rounds, make_rounds, preview
from tests.calendar import MONDAY
from tests.conftest import make_member
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days, names, told


def member(number: int) -> Network:
    return network_of(make_member(f"member{number}@example.org"))


def fill(network: Network, on: date = MONDAY) -> None:
    """Give a network the data for a reason of every kind on a day."""

    def ago(number: int) -> date:
        return on - timedelta(days=number)

    people = make_people(network, *(f"{name} of {network.pk}" for name in ("Jana", "Markus", "Clara", "Eva", "Omar")))
    jana, markus, clara, eva, omar = people
    add_topic(network, contact=jana, kind="seeks", text="a tax adviser", day=ago(20))
    add_topic(network, contact=markus, kind="offers", text="tax adviser", day=ago(30))
    add_topic(network, contact=clara, kind="interest", text="timber construction", day=ago(30))
    hear(network, contact=omar, kind="news", text="moving to Graz", day=ago(16))
    hear(network, contact=eva, kind="news", text="writing a book", day=ago(1200))
    log_favour(network, direction="give", kind="tip", day=ago(40), contacts=[markus, omar])
    network.tip_box_items.create(text="timber construction", kept_on=ago(1))


def statements_of(act: Callable[[], object]) -> int:
    """Return the number of queries of `act`, without savepoints."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]])


def test_rounds_of_many_members_take_six_queries_for_each_and_twenty_for_all(db: None) -> None:
    """The six are for matching when no index of a member's texts is cached; separate rounds took 35 queries each."""
    networks = [member(number) for number in range(6)]
    for network in networks:
        fill(network, on=network.today())
    assert statements_of(lambda: tasks.make_rounds([network.pk for network in networks])) == 20 + 6 * 6
    assert all(len(made.listed) == 4 for made in current_rounds(networks, networks[0].today()).values())


def test_rounds_drawn_up_together_are_those_drawn_up_alone(network: Network, stranger_network: Network) -> None:
    for each in (network, stranger_network):
        fill(each)
    LetterSettings.objects.filter(network=stranger_network).update(length=3)
    log_favour(network, direction="receive", kind="tip", day=days(-3), contacts=network.contacts.all()[:2])
    alone = [told(preview(each, MONDAY)) for each in (network, stranger_network)]
    together = make_rounds([network, stranger_network], MONDAY)
    assert [told(together[each]) for each in (network, stranger_network)] == alone
    assert [len(each) for each in alone] == [4, 3]


def test_round_that_another_worker_stored_meanwhile_stays(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (network, stranger_network):
        fill(each)

    def draw_up_slowly(networks: list[Network], day: date) -> list[Round]:
        drawn = draw_up(networks, day)
        if network in networks and stranger_network in networks:
            make_rounds([network], day)
        return drawn

    monkeypatch.setattr("favours.suggestions.rounds.draw_up", draw_up_slowly)
    made = make_rounds([network, stranger_network], MONDAY)
    assert made[network] == current_round(network, MONDAY)
    assert network.rounds.count() == stranger_network.rounds.count() == 1
    assert all(len(names(each)) == 4 for each in made.values())


@pytest.mark.parametrize(("networks", "people"), [(1, 100), (100, 6)])
def test_portions_that_are_drawn_up_together_are_bounded(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch, networks: int, people: int
) -> None:
    monkeypatch.setattr("favours.suggestions.rounds.NETWORKS_AT_ONCE", networks)
    monkeypatch.setattr("favours.suggestions.rounds.PEOPLE_AT_ONCE", people)
    held: list[int] = []

    def draw_up_seen(some: list[Network], day: date) -> list[Round]:
        held.append(len(some))
        return draw_up(some, day)

    for each in (network, stranger_network):
        fill(each)
    monkeypatch.setattr("favours.suggestions.rounds.draw_up", draw_up_seen)
    make_rounds([network, stranger_network, member(1)], MONDAY)
    assert held == ([1, 1, 1] if networks == 1 else [1, 2])
