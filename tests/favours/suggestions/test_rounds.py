"""A network's rounds: stored once a week, and read without suggestions that no longer hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contacts.erasing.contacts import erase_contacts
from contacts.merging import merge
from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.directory import archive_contacts
from contacts.people.topics import close_topic
from favours.journal.writing import trash_favour
from favours.models import LetterSettings, Round, Signal, Suggestion
from favours.suggestions.rounds import (
    acted_on_since,
    current_round,
    current_rounds,
    make_round,
    open_suggestions,
    preview,
)
from tests.calendar import MONDAY
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days, names


def test_round_is_made_once_a_week(network: Network, jana: Contact) -> None:
    first = make_round(network, MONDAY)
    hear(network, contact=make_people(network, "Ben")[0], kind="seeks", text="an office", day=MONDAY)
    assert make_round(network, MONDAY + timedelta(days=6)) == first
    assert names(current_round(network, MONDAY + timedelta(days=3))) == ["Jana"]
    assert make_round(network, MONDAY + timedelta(days=7)) != first


def test_round_of_another_worker_is_taken(network: Network, jana: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other worker stores its round while this one is still computing."""
    others = make_round(network, MONDAY)
    monkeypatch.setattr("favours.suggestions.rounds.current_rounds", _absent_at_first(current_rounds))
    assert make_round(network, MONDAY) == others
    assert network.rounds.count() == 1


def _absent_at_first(read):
    calls = []

    def answer(networks: list[Network], day: date) -> dict[Network, Round]:
        calls.append(day)
        return {} if len(calls) == 1 else read(networks, day)

    return answer


def test_week_without_anybody_has_an_empty_round(network: Network) -> None:
    assert make_round(network, MONDAY).listed == []
    assert network.rounds.count() == 1


def test_week_that_began_without_anybody_is_made_anew(network: Network) -> None:
    (jana,) = make_people(network, "Jana")
    make_round(network, MONDAY)
    hear(network, contact=jana, kind="seeks", text="an office", day=MONDAY)
    made = make_round(network, MONDAY + timedelta(days=2))
    assert (names(made), made.day, network.rounds.count()) == (["Jana"], MONDAY + timedelta(days=2), 1)


def test_week_whose_people_are_gone_stays_as_it_is(network: Network, jana: Contact, markus: Contact) -> None:
    first = make_round(network, MONDAY)
    archive_contacts(network, [jana])
    assert (make_round(network, MONDAY), names(make_round(network, MONDAY))) == (first, [])


def test_length_of_the_letter_holds_for_the_round(network: Network) -> None:
    LetterSettings.objects.update_or_create(network=network, defaults={"length": 3})
    for number, person in enumerate(make_people(network, "Anna", "Ben", "Clara", "Deniz")):
        hear(network, contact=person, kind=("seeks", "news")[number % 2], text="an office", day=days(16 + number))
    assert len(preview(network, MONDAY).listed) == 3


def test_preview_records_nothing(network: Network, jana: Contact) -> None:
    preview(network, MONDAY)
    assert [model.objects.count() for model in (Round, Suggestion, Signal)] == [0, 0, 0]


def test_helped_or_talked_to_leaves_the_list_and_comes_back(network: Network, jana: Contact) -> None:
    today = network.today()
    network.topics.update(noted_on=today)
    made = make_round(network, today)
    favour = log_favour(network, direction="receive", kind="tip", contacts=[jana], day=today)
    assert open_suggestions(network, current_round(network, today)) == []
    trash_favour(network, favour)
    assert open_suggestions(network, current_round(network, today)) == made.listed


def test_older_help_logged_now_is_no_answer(network: Network, jana: Contact) -> None:
    today = network.today()
    network.topics.update(noted_on=today)
    made = make_round(network, today)
    log_favour(network, direction="give", kind="tip", contacts=[jana], day=today - timedelta(days=1))
    assert acted_on_since([network], made.listed) == set()


def test_reason_that_was_settled_takes_the_suggestion_with_it(network: Network, jana: Contact, markus: Contact) -> None:
    make_round(network, MONDAY)
    close_topic(network, network.topics.get(contact=markus))
    assert names(current_round(network, MONDAY)) == []


def test_erased_people_leave_no_trace(network: Network, jana: Contact, markus: Contact) -> None:
    make_round(network, MONDAY)
    erase_contacts(network, [markus])
    assert names(current_round(network, MONDAY)) == []
    erase_contacts(network, [jana])
    assert [model.objects.count() for model in (Suggestion, Signal)] == [0, 0]


def test_merged_people_keep_their_suggestion(network: Network, jana: Contact, markus: Contact) -> None:
    made = make_round(network, MONDAY)
    (survivor,) = make_people(network, "Jana R.")
    merge(network, survivor, jana)
    assert [each.contact for each in current_round(network, MONDAY).listed] == [survivor]
    assert current_round(network, MONDAY).listed == made.listed


def test_reading_a_round_takes_three_queries(network: Network, jana: Contact, django_assert_num_queries) -> None:
    make_round(network, MONDAY)
    with django_assert_num_queries(3):
        current_round(network, MONDAY)
