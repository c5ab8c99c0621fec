"""Erasing somebody while their search words are being written: none may be left behind."""

from __future__ import annotations

import pytest

from accounts.members import erase_member
from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Network, SearchWord
from contacts.people.directory import add_contact, edit_contact
from contacts.people.search import index_contacts
from tests.elsewhere import while_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(network: Network) -> Contact:
    """A contact without search words: deleting words would wait for a transaction that is replacing them."""
    contact = add_contact(network, given_name="Anna")
    contact.search_words.all().delete()
    return contact


def test_contact_that_is_just_being_edited(network: Network, anna: Contact) -> None:
    while_open(
        lambda: edit_contact(network, anna, notes="Plays draughts."),
        lambda: erase_contacts(network, [Contact.objects.get(pk=anna.pk)]),
    )
    assert not SearchWord.objects.exists()


def test_words_of_somebody_who_is_just_being_erased(network: Network, anna: Contact) -> None:
    anna.notes = "Plays draughts."
    while_open(
        lambda: erase_contacts(network, [Contact.objects.get(pk=anna.pk)]), lambda: index_contacts(network, [anna])
    )
    assert not SearchWord.objects.exists()


def test_member_who_leaves_while_a_contact_is_being_edited(network: Network, anna: Contact) -> None:
    while_open(lambda: edit_contact(network, anna, notes="Plays draughts."), lambda: erase_member(network.owner))
    assert not SearchWord.objects.exists()


def test_words_of_somebody_whose_member_is_just_leaving(network: Network, anna: Contact) -> None:
    anna.notes = "Plays draughts."
    while_open(lambda: erase_member(network.owner), lambda: index_contacts(network, [anna]))
    assert not SearchWord.objects.exists()
