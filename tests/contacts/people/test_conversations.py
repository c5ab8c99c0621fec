"""Conversations, what was heard in them, and the days of contact that they imply."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Contact, Network, Topic
from contacts.people.conversations import (
    edit_conversation,
    erase_conversations,
    hear,
    log_conversation,
    restore_conversations,
    trash_conversations,
)
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.search import find_contacts

MAY_3, MAY_5 = date(2026, 5, 3), date(2026, 5, 5)


def last_contact_on(contact: Contact) -> date | None:
    contact.refresh_from_db()
    return contact.last_contact_on


def test_log_conversation_touches_everybody_in_it(network: Network, anna: Contact, ben: Contact) -> None:
    talk = log_conversation(network, day=MAY_3, contacts=[anna, ben], place=" IHK\n evening ", note="Hello\x00")
    assert (talk.place, talk.note) == ("IHK evening", "Hello")
    assert (last_contact_on(anna), last_contact_on(ben)) == (MAY_3, MAY_3)


def test_log_conversation_leaves_a_later_touch(network: Network, anna: Contact) -> None:
    log_conversation(network, day=MAY_5, contacts=[anna])
    log_conversation(network, day=MAY_3, contacts=[anna])
    assert last_contact_on(anna) == MAY_5


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(9999, 12, 31)])
def test_log_conversation_refuses_a_mistyped_year(network: Network, anna: Contact, day: date) -> None:
    talk = log_conversation(network, day=network.today(), contacts=[anna])
    with pytest.raises(ValidationError):
        log_conversation(network, day=day, contacts=[anna])
    with pytest.raises(ValidationError):
        edit_conversation(network, talk, day=day, contacts=[anna])
    assert list(network.conversations.values_list("day", flat=True)) == [network.today()]


def test_log_conversation_twice_with_one_key_logs_once(network: Network, anna: Contact) -> None:
    key = uuid.uuid4()
    first = log_conversation(network, day=MAY_3, contacts=[anna], client_key=key)
    assert log_conversation(network, day=MAY_5, contacts=[anna], client_key=key) == first
    assert network.conversations.count() == 1


def test_log_conversation_needs_somebody_of_this_network(
    network: Network, stranger_network: Network, anna: Contact
) -> None:
    for contacts in ([], [add_contact(stranger_network, given_name="Eve")]):
        with pytest.raises(ValidationError):
            log_conversation(network, day=MAY_3, contacts=contacts)
    assert not network.conversations.exists()


@pytest.mark.parametrize("kind", ["seeks", "offers"])
def test_hear_notes_a_line_and_a_conversation(network: Network, anna: Contact, kind: str) -> None:
    talk = hear(network, contact=anna, kind=kind, text="an office", day=MAY_3)
    topic = network.topics.get()
    assert (topic.contact, topic.kind, topic.text, topic.noted_on, topic.conversation) == (
        anna,
        kind,
        "an office",
        MAY_3,
        talk,
    )
    assert last_contact_on(anna) == MAY_3


def test_hear_notes_news_as_the_note(network: Network, anna: Contact) -> None:
    talk = hear(network, contact=anna, kind="news", text="Has a new job", day=MAY_3)
    assert (talk.is_news, talk.note, network.topics.count()) == (True, "Has a new job", 0)


def test_hear_twice_with_one_key_notes_once(network: Network, anna: Contact) -> None:
    key = uuid.uuid4()
    for _time in range(2):
        hear(network, contact=anna, kind="seeks", text="an office", day=MAY_3, client_key=key)
    assert (network.topics.count(), network.conversations.count()) == (1, 1)


def test_hear_refuses_nothing(network: Network, anna: Contact) -> None:
    with pytest.raises(ValidationError):
        hear(network, contact=anna, kind="seeks", text="  ", day=MAY_3)


def test_edit_conversation_moves_the_touches(network: Network, anna: Contact, ben: Contact) -> None:
    talk = log_conversation(network, day=MAY_3, contacts=[anna])
    edit_conversation(network, talk, day=MAY_5, contacts=[ben], note="with Ben")
    assert (last_contact_on(anna), last_contact_on(ben)) == (None, MAY_5)
    assert list(talk.contacts.all()) == [ben]


def test_edit_conversation_keeps_people_in_the_trash(network: Network, anna: Contact, ben: Contact) -> None:
    talk = log_conversation(network, day=MAY_3, contacts=[anna, ben])
    trash_contacts(network, [anna])
    edit_conversation(network, talk, day=MAY_3, contacts=[ben])
    assert set(network.conversation_participations.values_list("contact", flat=True)) == {anna.pk, ben.pk}


def test_trash_conversations_takes_touch_and_lines_along(network: Network, anna: Contact) -> None:
    log_conversation(network, day=MAY_3, contacts=[anna])
    talk = hear(network, contact=anna, kind="seeks", text="an office", day=MAY_5)
    trash_conversations(network, [talk])
    assert (last_contact_on(anna), network.topics.count(), find_contacts(network, "office").count()) == (MAY_3, 0, 0)
    restore_conversations(network, [talk])
    assert (last_contact_on(anna), network.topics.count(), find_contacts(network, "office").count()) == (MAY_5, 1, 1)


def test_erase_conversations_takes_their_lines_along(network: Network, anna: Contact) -> None:
    talk = hear(network, contact=anna, kind="seeks", text="an office", day=MAY_5)
    erase_conversations(network, [talk])
    assert (last_contact_on(anna), Topic.with_trash.count()) == (None, 0)
