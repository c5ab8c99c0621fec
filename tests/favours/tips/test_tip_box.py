"""Finding the people a tip is for, passing it on, keeping it and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.directory import add_contact, archive_contacts, trash_contacts
from contacts.people.picking import Picked
from contacts.people.topics import add_topic
from favours.models import Favour, TipBoxItem
from favours.suggestions.steps import reaching_steps
from favours.tips.tip_box import Person, find_people, keep_tip, kept_tips, pass_on, remove_tip, take_back
from tests.favours.entries import log_favour


def told(people: list[Person]) -> list[tuple[str, list[str]]]:
    return [(person.contact.display_name, [match.text for match in person.matches]) for person in people]


@pytest.fixture
def clara(network: Network) -> Contact:
    """A tax adviser, according to her role."""
    return add_contact(network, given_name="Clara", role="Steuerberaterin", organisation="Kanzlei am Fluss")


def test_people_are_found_by_need_interest_offer_and_role(network: Network, clara: Contact) -> None:
    anna, ben, deniz = (add_contact(network, given_name=name) for name in ("Anna", "Ben", "Deniz"))
    add_topic(network, contact=anna, kind="seeks", text="ein Steuerberater")
    add_topic(network, contact=ben, kind="interest", text="Steuerberatung")
    add_topic(network, contact=deniz, kind="offers", text="Hilfe bei Steuerfragen")
    add_topic(network, contact=None, kind="offers", text="Steuerberatung für Vereine")

    found = find_people(network, "Steuerberater")

    assert sorted(told(found.could_use)) == [("Anna", ["ein Steuerberater"]), ("Ben", ["Steuerberatung"])]
    assert sorted(told(found.knows_about)) == [("Clara", ["Steuerberaterin"]), ("Deniz", ["Hilfe bei Steuerfragen"])]
    assert [match.text for match in found.own_offers] == ["Steuerberatung für Vereine"]
    assert {contact.display_name for contact in found.people} == {"Anna", "Ben", "Clara", "Deniz"}


@pytest.mark.parametrize("text", ["", " \n", "?!"])
def test_nobody_is_found_for_no_words(network: Network, clara: Contact, text: str) -> None:
    found = find_people(network, text)
    assert (found.could_use, found.knows_about, found.own_offers, found.people) == ([], [], [], set())


def test_people_do_not_depend_on_who_helped(network: Network, clara: Contact) -> None:
    before = find_people(network, "Steuerberater")
    for direction in ("give", "receive", "receive"):
        log_favour(network, direction=direction, kind="tip", contacts=[clara])
    assert told(find_people(network, "Steuerberater").knows_about) == told(before.knows_about)


def test_person_shows_what_the_match_does_not_quote(network: Network, clara: Contact) -> None:
    add_topic(network, contact=clara, kind="seeks", text="ein Büro")
    by_role, by_need = find_people(network, "Steuerberater"), find_people(network, "Büro")
    assert [person.detail for person in by_role.knows_about] == [""]
    assert [person.detail for person in by_need.could_use] == [clara.detail]


def test_people_put_away_are_not_found(network: Network) -> None:
    archived, trashed, _dead, clara = (
        add_contact(network, given_name=name, role="Steuerberaterin", has_died=name == "Dora")
        for name in ("Anna", "Ben", "Dora", "Clara")
    )
    archive_contacts(network, [archived])
    trash_contacts(network, [trashed])
    assert find_people(network, "Steuerberater").people == {clara}


def test_passing_on_logs_one_entry_for_all(network: Network, anna: Contact, ben: Contact) -> None:
    favour = pass_on(network, text="A grant", people=Picked(contacts=[anna, ben], new_names=["Clara"]))

    assert [(entry.direction, entry.kind, entry.note, entry.day) for entry in network.favours.all()] == [
        ("give", "tip", "A grant", network.today())
    ]
    assert {contact.display_name for contact in favour.contacts.all()} == {"Anna", "Ben", "Clara"}


def test_passing_on_to_nobody_is_refused(network: Network) -> None:
    item = keep_tip(network, "A grant")
    with pytest.raises(ValidationError):
        pass_on(network, text="A grant", people=Picked(), item=item)
    assert kept_tips(network) == [item]


def test_kept_tip_leaves_the_box_when_passed_on_and_comes_back(network: Network, anna: Contact) -> None:
    item = keep_tip(network, "A grant")
    favour = pass_on(network, text="A grant", people=Picked(contacts=[anna]), item=item)
    assert (kept_tips(network), item.used_on) == ([], network.today())

    assert take_back(network, favour) == item
    assert (kept_tips(network), network.favours.count()) == ([item], 0)
    assert Favour.with_trash.filter(network=network).count() == 1


def test_taking_back_what_was_never_kept_leaves_the_box_alone(network: Network, anna: Contact) -> None:
    item = keep_tip(network, "A book")
    favour = pass_on(network, text="A grant", people=Picked(contacts=[anna]))
    assert take_back(network, favour) is None
    assert kept_tips(network) == [item]


def test_tip_is_kept_once_the_newest_first(network: Network, stranger_network: Network) -> None:
    keep_tip(stranger_network, "A grant")
    TipBoxItem.objects.create(network=network, text="Older", kept_on=network.today() - timedelta(days=1))
    first, again = keep_tip(network, " A grant "), keep_tip(network, "A grant")
    assert first == again
    assert [(tip.text, tip.kept_on == network.today()) for tip in kept_tips(network)] == [
        ("A grant", True),
        ("Older", False),
    ]


@pytest.mark.parametrize("text", ["", "x" * (TipBoxItem.MAX_LENGTH + 1)])
def test_tip_without_words_or_without_end_is_refused(network: Network, text: str) -> None:
    with pytest.raises(ValidationError):
        keep_tip(network, text)


def test_removing_a_tip_leaves_strangers_alone(network: Network, stranger_network: Network) -> None:
    mine, theirs = keep_tip(network, "A grant"), keep_tip(stranger_network, "A grant")
    remove_tip(network, theirs)
    remove_tip(network, mine)
    assert (kept_tips(network), kept_tips(stranger_network)) == ([], [theirs])


def test_ways_to_send_carry_the_text_where_they_can(network: Network) -> None:
    ways = [("email", "anna@example.org"), ("phone", "+49 171 1234567"), ("link", "https://example.org/anna")]
    anna = add_contact(network, given_name="Anna", ways=[Way(kind, value) for kind, value in ways])
    ben = add_contact(network, given_name="Ben")

    (first, sending), (second, nothing) = reaching_steps(network, [anna, ben], "Grant & more")

    assert (first, second, nothing) == (anna, ben, [])
    assert [(step.kind, step.href) for step in sending] == [
        ("mail", "mailto:anna@example.org?body=Grant%20%26%20more"),
        ("call", "tel:+491711234567"),
        ("message", "sms:+491711234567?body=Grant%20%26%20more"),
        ("profile", "https://example.org/anna"),
    ]
