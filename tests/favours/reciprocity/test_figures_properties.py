"""Properties of every log: true of the reference by definition, and of the SQL because the two always agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact, Network
from favours.journal.writing import Entry, log_favours, repair_shares
from favours.reciprocity import closing_figures, network_figures
from favours.reciprocity.summaries import differences
from tests.examples import examples
from tests.favours.conftest import make_people
from tests.favours.reciprocity.reference import (
    GIVE,
    KINDS,
    RECEIVE,
    Event,
    Gate,
    breadth,
    reference_figures,
    spread,
    with_people,
)

PEOPLE = "ABCDEFGHIJ"
ERASED = "Z"
"""The person who takes part in some entries and is then erased, which leaves them with fewer people or none."""

AS_OF = st.sampled_from(
    [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 15), date(2025, 12, 31), date(2024, 12, 30)]
)
NEAR = st.sampled_from([0, 1, 30, 179, 180, 364])
APART = st.sampled_from([0, 0, 1, 364, 365, 366, 729, 730, 731])
DAYS_BACK = st.one_of(st.builds(int.__add__, NEAR, APART), st.integers(-3, 1500))
"""Days before the as-of date, most of them separated by a number of days at the edge of some definition."""
GATES = st.sampled_from([Gate(), Gate(2, 3, Fraction(2)), Gate(1, 1, Fraction(1)), Gate(3, 4, Fraction(5, 2))])
FLIP = {GIVE: RECEIVE, RECEIVE: GIVE}


@st.composite
def logs(draw: st.DrawFn) -> tuple[date, list[Event]]:
    """Draw an as-of date and a log around it, with few people so that ties and repetitions abound."""
    as_of = draw(AS_OF)
    people = draw(st.sampled_from(["AB", "ABCDEF", PEOPLE])) + draw(st.sampled_from(["", ERASED]))
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from([GIVE, RECEIVE]),
                DAYS_BACK,
                st.sampled_from(KINDS[:2] * 3 + KINDS),
                st.sets(st.sampled_from(people), min_size=1, max_size=3),
                st.integers(0, 8),
            ),
            min_size=draw(st.sampled_from([0, 8, 16])),
            max_size=30,
        )
    )
    log = [Event(way, as_of - timedelta(days=back), kind, frozenset(who)) for way, back, kind, who, _link in rows]
    received = [number for number, event in enumerate(log) if event.direction == RECEIVE]
    for number, (*_row, link) in enumerate(rows):
        if log[number].direction == GIVE and link < len(received):
            log[number] = replace(log[number], passes_on=received[link])
    return as_of, log


def erase(log: Sequence[Event]) -> list[Event]:
    return [replace(event, contacts=event.contacts - {ERASED}) for event in log]


def flip(log: Sequence[Event]) -> list[Event]:
    return [replace(event, direction=FLIP[event.direction], passes_on=None) for event in log]


def store(network: Network, log: Sequence[Event]) -> None:
    """Log the events, then erase the person `ERASED`."""
    people = dict(zip(PEOPLE + ERASED, make_people(network, *PEOPLE, ERASED), strict=True))
    entries = [
        Entry(
            direction=event.direction, kind=event.kind, day=event.day, contacts=[people[who] for who in event.contacts]
        )
        for event in log
    ]
    favours = log_favours(network, entries)
    for favour, event in zip(favours, log, strict=True):
        if event.passes_on is not None:
            favour.passes_on = favours[event.passes_on]
            favour.save(update_fields=["passes_on"])
    Contact.objects.filter(pk=people[ERASED].pk).delete()
    repair_shares(network)


def assert_same(stored: Any, computed: Any) -> None:
    assert list(differences(stored, computed)) == []


@examples(60)
@given(case=logs(), gate=GATES, running=st.booleans())
def test_figures_from_sql_equal_the_reference(
    network: Network, case: tuple[date, list[Event]], gate: Gate, running: bool
) -> None:
    as_of, log = case
    with (
        transaction.atomic(),
        override_settings(
            NETCRM_GATE_EVENTS=gate.events, NETCRM_GATE_PEOPLE=gate.people, NETCRM_GATE_SPREAD=float(gate.spread)
        ),
    ):
        store(network, log)
        figures = network_figures(network, as_of, running=running)
        expected = reference_figures(erase(log), as_of, gate, running=running)
        transaction.set_rollback(True)
    assert figures == {**figures, "flow": expected["flow"], "mix": expected["mix"]}
    assert_same(figures, expected)


@given(case=logs(), gate=GATES)
def test_flipped_log_swaps_mirrored_figures(case: tuple[date, list[Event]], gate: Gate) -> None:
    as_of, log = case
    figures, flipped = (reference_figures(each, as_of, gate) for each in (log, flip(log)))
    assert (figures["from_elsewhere"], figures["given_freely"]) == (
        flipped["given_freely"],
        flipped["from_elsewhere"],
    )
    for figure in ("flow", "breadth", "spread", "mix"):
        assert (figures[figure][GIVE], figures[figure][RECEIVE]) == (flipped[figure][RECEIVE], flipped[figure][GIVE])
    assert (figures["rediscovered"], figures["rhythm"]) == (flipped["rediscovered"], flipped["rhythm"])


@given(case=logs(), gate=GATES, order=st.randoms())
def test_order_of_entry_changes_nothing(case: tuple[date, list[Event]], gate: Gate, order: Any) -> None:
    as_of, log = case
    places = list(range(len(log)))
    order.shuffle(places)
    where = {old: new for new, old in enumerate(places)}
    shuffled = [log[old] for old in places]
    shuffled = [
        replace(event, passes_on=None if event.passes_on is None else where[event.passes_on]) for event in shuffled
    ]
    assert reference_figures(shuffled, as_of, gate) == reference_figures(log, as_of, gate)


@given(case=logs(), gate=GATES, back=st.integers(0, 300), direction=st.sampled_from([GIVE, RECEIVE]))
def test_event_without_people_changes_flow_and_rhythm_only(
    case: tuple[date, list[Event]], gate: Gate, back: int, direction: str
) -> None:
    as_of, log = case
    lonely = Event(direction, as_of - timedelta(days=back), "tip", frozenset())
    before, after = (reference_figures(each, as_of, gate) for each in (log, [*log, lonely]))
    changing = {"flow", "rhythm", "active_months"}
    assert {name: value for name, value in before.items() if name not in changing} == {
        name: value for name, value in after.items() if name not in changing
    }


@given(case=logs())
def test_spread_lies_between_one_and_breadth(case: tuple[date, list[Event]]) -> None:
    _as_of, log = case
    events = with_people(log)
    if events:
        assert 1 <= spread(events) <= breadth(events)


@given(case=logs(), gate=GATES)
def test_whatever_is_shown_has_passed_the_gate(case: tuple[date, list[Event]], gate: Gate) -> None:
    as_of, log = case
    figures = reference_figures(log, as_of, gate)
    for direction in (GIVE, RECEIVE):
        people, core = figures["breadth"][direction], figures["spread"][direction]
        if isinstance(people, int) and people:
            assert people >= gate.people
            assert core >= float(gate.spread) - 1e-9


@examples(15)
@given(case=logs())
def test_closing_figures_are_those_of_the_months_last_day(network: Network, case: tuple[date, list[Event]]) -> None:
    as_of, log = case
    with transaction.atomic():
        store(network, log)
        running = network_figures(network, as_of, running=True)
        month_end = as_of.replace(day=1) - timedelta(days=1)
        month = network_figures(network, month_end)
        closing = closing_figures(network, month_end)
        transaction.set_rollback(True)
    assert {name: running[name] for name in closing} == closing  # type: ignore[literal-required]
    assert {name: month[name] for name in closing} == closing  # type: ignore[literal-required]


@pytest.mark.parametrize("stranger_first", [True, False])
def test_ids_and_strangers_change_nothing(network: Network, stranger_network: Network, stranger_first: bool) -> None:
    log = [Event(GIVE, date(2025, 5, day), "tip", frozenset(who)) for day, who in enumerate("ABCDEF", start=1)]
    for each in [stranger_network, network] if stranger_first else [network, stranger_network]:
        store(each, log)
    assert_same(network_figures(network, date(2025, 5, 31)), reference_figures(log, date(2025, 5, 31), Gate()))
