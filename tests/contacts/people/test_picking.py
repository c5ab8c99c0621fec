"""Turning the people picker's fields into people."""

import uuid
from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from contacts.models import Network
from contacts.people.contact_days import raise_last_contact
from contacts.people.directory import add_contact, archive_contacts
from contacts.people.picking import Picked, picked_people, suggested_people


def picked(network: Network, **fields: list[str]) -> Picked:
    return picked_people(network, QueryDict(urlencode(fields, doseq=True)))


def test_picked_people_takes_identifiers_and_typed_names(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", family_name="Müller")
    ben = add_contact(network, given_name="Ben")
    people = picked(network, contacts=[str(anna.uuid)], people=["ben; Clara Tal\nanna mueller"])
    assert people == Picked([anna, ben], ["Clara Tal"], [], [])


def test_picked_people_asks_among_several_of_one_name(network: Network) -> None:
    annas = [add_contact(network, given_name="Anna", city=city) for city in ("Köln", "Bonn")]
    people = picked(network, people=["Anna"])
    assert (people.contacts, people.new_names, set(people.choices), len(people.errors)) == ([], [], set(annas), 1)
    chosen = picked(network, people=["Anna"], contacts=[str(annas[0].uuid)])
    assert chosen == Picked([annas[0]], [], [], [])


def test_picked_people_asks_about_a_given_name(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", family_name="Weber")
    people = picked(network, people=["anna"])
    assert (people.contacts, people.new_names, people.choices, people.ambiguous) == ([], [], [anna], ("anna",))
    assert picked(network, people=["Anna Weber"]).contacts == [anna]


def test_picked_people_makes_a_new_one_where_the_member_says_so(network: Network) -> None:
    add_contact(network, given_name="Anna")
    assert picked(network, new_people=["Anna"]) == Picked([], ["Anna"], [], [])


@pytest.mark.parametrize("identifier", ["nonsense", str(uuid.uuid4()), ""])
def test_picked_people_refuses_unknown_identifiers(network: Network, identifier: str) -> None:
    assert len(picked(network, contacts=[identifier]).errors) == 1


def test_picked_people_refuses_a_strangers_contact(network: Network, stranger_network: Network) -> None:
    eve = add_contact(stranger_network, given_name="Eve")
    people = picked(network, contacts=[str(eve.uuid)])
    assert (people.contacts, len(people.errors)) == ([], 1)


def test_picked_people_refuses_an_endless_name(network: Network) -> None:
    assert len(picked(network, people=["x" * 201]).errors) == 1


def test_picked_adds_the_new_people(network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    people = Picked([anna], ["Tal, Clara"]).people(network, how_met="IHK")
    assert [(person.display_name, person.how_met) for person in people] == [("Anna", ""), ("Clara Tal", "IHK")]


def test_suggested_people_puts_the_newest_touch_first_and_the_archive_last(network: Network) -> None:
    early, late, never, archived = (
        add_contact(network, given_name="Anna", family_name=name) for name in ("Early", "Late", "Never", "Archived")
    )
    raise_last_contact(network, [early.pk], date(2026, 1, 1))
    raise_last_contact(network, [late.pk, archived.pk], date(2026, 2, 1))
    archive_contacts(network, [archived])
    assert suggested_people(network, "an") == [late, early, never, archived]


def test_suggested_people_looks_at_names_before_anything_else(network: Network) -> None:
    bert = add_contact(network, given_name="Bert")
    anna = add_contact(network, given_name="Anna", city="Bertingen")
    assert suggested_people(network, "bert") == [bert]
    assert suggested_people(network, "berti") == [anna]
    assert suggested_people(network, " ") == []
