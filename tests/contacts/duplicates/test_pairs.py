"""Stored pairs: the member's decisions stay, and outdated pairs are removed."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from contacts.cards import Way
from contacts.duplicates import call_distinct, find, in_words, open_pairs, put_off, refresh, reopen
from contacts.duplicates import pairs as duplicate_pairs
from contacts.duplicates.findings import CHANCES
from contacts.duplicates.records import Proposal
from contacts.duplicates.wording import WORDS
from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, DuplicatePair, Network
from contacts.people.directory import add_contact, edit_contact, restore_contacts, trash_contacts
from contacts.tasks import find_all_duplicates, find_duplicates

pytestmark = pytest.mark.django_db

State = DuplicatePair.State


def add_anna(network: Network, **fields: Any) -> Contact:
    """Add and return one of several contacts whose names are spelt almost alike and who share a phone number."""
    names = {"given_name": "Anna", "family_name": "Schönhuber", **fields}
    return add_contact(
        network, ways=[Way("phone", "+49 170 1234567"), Way("email", "anna@schoenhuber.example")], **names
    )


@pytest.fixture
def annas(network: Network) -> tuple[Contact, Contact]:
    """Two contacts for the same person, in a network with a third contact."""
    add_contact(network, given_name="Ben", family_name="Roth")
    return add_anna(network), add_anna(network, family_name="Schoenhuber")


def asked(network: Network) -> list[tuple[Contact, Contact]]:
    return [(pair.first, pair.second) for pair in open_pairs(network)]


def test_refresh_stores_what_is_found_with_its_reasons(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    assert asked(network) == [annas]
    pair = open_pairs(network).get()
    assert pair.is_certain
    assert in_words(pair.evidence) == [
        "Same e-mail address",
        "Same phone number",
        "Same family name",
        "Same given name",
    ]


def test_refresh_twice_changes_nothing(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    before = list(network.duplicate_pairs.values())
    refresh(network)
    assert list(network.duplicate_pairs.values()) == before


def test_refresh_drops_what_no_longer_holds(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    edit_contact(network, annas[1], given_name="Clara", family_name="Busch", ways=[])
    refresh(network)
    assert network.duplicate_pairs.count() == 0


def test_distinct_people_are_never_asked_about_again(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    call_distinct(network, open_pairs(network).get())
    edit_contact(network, annas[1], family_name="Schönhuber")
    refresh(network)
    assert asked(network) == []
    assert find(network) == []
    assert network.duplicate_pairs.get().state == State.DISTINCT


def test_pair_put_off_is_asked_about_from_that_day_on(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    pair = open_pairs(network).get()
    put_off(network, pair, network.today() + timedelta(days=1))
    refresh(network)
    assert asked(network) == []
    put_off(network, pair, network.today())
    assert asked(network) == [annas]


def test_reopened_pair_is_asked_about_again(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    pair = open_pairs(network).get()
    call_distinct(network, pair)
    reopen(network, pair)
    assert asked(network) == [annas]


def test_pair_waits_while_a_contact_lies_in_the_trash(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    trash_contacts(network, [annas[0]])
    refresh(network)
    assert asked(network) == []
    restore_contacts(network, [annas[0]])
    assert asked(network) == [annas]


def test_pair_goes_with_an_erased_contact(network: Network, annas: tuple[Contact, Contact]) -> None:
    refresh(network)
    erase_contacts(network, [annas[0]])
    assert network.duplicate_pairs.count() == 0


def test_pair_answered_or_gone_while_duplicates_are_looked_for_stays_so(
    network: Network, annas: tuple[Contact, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(network)
    other = add_anna(network)

    def find_while_the_member_answers(network: Network) -> list[Proposal]:
        found = find(network)
        call_distinct(network, network.duplicate_pairs.get())
        erase_contacts(network, [other])
        return [proposal for proposal in found if other.pk in (proposal.first, proposal.second)]

    monkeypatch.setattr(duplicate_pairs, "find", find_while_the_member_answers)
    refresh(network)
    assert [pair.state for pair in network.duplicate_pairs.all()] == [DuplicatePair.State.DISTINCT]


def test_people_of_two_networks_are_never_compared(network: Network, stranger_network: Network) -> None:
    add_anna(network)
    add_anna(stranger_network)
    refresh(network)
    assert DuplicatePair.objects.count() == 0


@pytest.mark.parametrize("copies", [2, 4])
def test_find_takes_three_queries(
    network: Network, copies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _copy in range(copies):
        add_anna(network)
    with django_assert_num_queries(3):
        find(network)


def test_find_takes_a_name_apart_that_is_in_one_piece(network: Network) -> None:
    ways = [Way("phone", "+49 170 1234567")]
    first = add_contact(network, display_name="Schönhuber, Anna", ways=ways)
    second = add_contact(network, given_name="Anna", family_name="Schönhuber", ways=ways)
    assert [(found.first, found.second) for found in find(network)] == [(first.pk, second.pk)]


def test_find_compares_cities_and_addresses(network: Network) -> None:
    address = Way("address", "Lindenstr. 5, 10969 Berlin", parts=("", "", "Lindenstr. 5", "Berlin", "", "10969", ""))
    add_contact(network, given_name="Anna", family_name="Schönhuber", city="Berlin")
    add_contact(network, given_name="Anna", family_name="Schönhuber", ways=[address])
    kinds = {reason.kind for reason in find(network)[0].evidence}
    assert kinds == {"same_given_name", "same_family_name", "same_city"}


def test_find_takes_an_organisation_for_no_person(network: Network) -> None:
    ways = [Way("phone", "+49 170 1234567")]
    add_contact(network, display_name="Schönhuber", is_organisation=True, ways=ways)
    add_contact(network, family_name="Schönhuber", ways=ways)
    assert find(network) == []


def test_task_looks_only_where_texts_have_changed(network: Network, annas: tuple[Contact, Contact]) -> None:
    find_duplicates(network_id=network.pk)
    assert asked(network) == [annas]
    network.duplicate_pairs.all().delete()
    find_duplicates(network_id=network.pk)
    find_all_duplicates()
    assert asked(network) == []
    edit_contact(network, annas[0], city="Berlin")
    find_all_duplicates()
    assert asked(network) == [annas]


def test_task_ignores_a_network_that_is_gone() -> None:
    find_duplicates(network_id=1)


def test_command_prints_pairs_as_json(network: Network, annas: tuple[Contact, Contact]) -> None:
    output = StringIO()
    call_command("find_duplicates", owner=network.owner.email, json=True, stdout=output)
    (pair,) = json.loads(output.getvalue())
    first, second = annas
    assert (pair["a"], pair["b"], pair["certain"]) == (str(first.uuid), str(second.uuid), True)
    assert [reason["words"] for reason in pair["evidence"]][:2] == ["Same e-mail address", "Same phone number"]
    assert network.duplicate_pairs.count() == 0


def test_command_prints_pairs_in_words(network: Network, annas: tuple[Contact, Contact]) -> None:
    output = StringIO()
    call_command("find_duplicates", owner=network.owner.email, stdout=output)
    reasons = "Same e-mail address, Same phone number, Same family name, Same given name"
    assert output.getvalue() == f"1.00  Anna Schönhuber – Anna Schoenhuber: {reasons}\n"


def test_command_refuses_an_unknown_member(db: None) -> None:
    with pytest.raises(CommandError, match="There is no member"):
        call_command("find_duplicates", owner="nobody@example.org")


def test_every_kind_of_evidence_has_words() -> None:
    assert WORDS.keys() == CHANCES.keys() | {"third_contact", "same_origin", "other_spelling"}


def test_evidence_is_put_into_words_when_it_is_shown() -> None:
    with translation.override("en"):
        assert in_words([{"kind": "same_email"}, {"kind": "of a later version"}]) == ["Same e-mail address"]
