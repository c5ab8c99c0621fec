"""Logging help with somebody who is being merged into another contact at that very moment."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from contacts.erasing.contacts import erase_contacts
from contacts.merging import merge
from contacts.models import Contact, Network
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact
from contacts.people.picking import Picked
from favours.journal.quick_log import log_heard, log_help
from favours.journal.writing import Entry
from tests.elsewhere import while_open


def log_with(network: Network, contact: Contact, act: str) -> object:
    day = network.today()
    if act == "help":
        return log_help(network, Entry(direction="give", kind="tip", day=day), Picked([contact]))
    if act == "heard":
        return log_heard(network, people=Picked([contact]), kind="seeks", text="an office", day=day)
    return log_conversation(network, contacts=[contact], day=day)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["help", "heard", "talk"])
def test_entry_goes_to_the_survivor_of_a_merge_at_the_same_moment(network: Network, act: str) -> None:
    anna, other = (add_contact(network, given_name="Anna", family_name=name) for name in ("Weber", "Weber-Klein"))
    while_open(lambda: merge(network, anna, other), lambda: log_with(network, other, act))
    parts = network.participations if act == "help" else network.conversation_participations
    assert [part.contact for part in parts.select_related("contact")] == [anna]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["help", "heard", "talk"])
def test_entry_with_somebody_erased_at_the_same_moment_is_refused(network: Network, act: str) -> None:
    anna = add_contact(network, given_name="Anna")
    with pytest.raises(ValidationError) as refusal:
        while_open(
            lambda: erase_contacts(network, [Contact.objects.get(pk=anna.pk)]), lambda: log_with(network, anna, act)
        )
    assert refusal.value.messages == ["Somebody you picked is no longer among your contacts. Pick them again."]


@pytest.mark.django_db(transaction=True)
def test_entry_with_both_of_a_merge_names_the_survivor_once(network: Network) -> None:
    anna, other = (add_contact(network, given_name="Anna", family_name=name) for name in ("Weber", "Weber-Klein"))
    merge(network, anna, Contact.objects.get(pk=other.pk))
    favour = log_help(network, Entry(direction="give", kind="tip"), Picked([anna, other]))
    assert [(part.contact, part.share) for part in favour.participations.all()] == [(anna, 1.0)]
