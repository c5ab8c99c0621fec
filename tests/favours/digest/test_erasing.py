"""Letters that name an erased person: past letters are emptied, and waiting ones are rewritten."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.mail import transport
from accounts.mail.outbox import send_due_mail
from accounts.mail.transport import path_of_copy
from accounts.models import OutgoingMail
from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.digest.sending import send_one_now
from favours.suggestions.rounds import make_round

State = OutgoingMail.State
Reason = OutgoingMail.Reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder")]


@pytest.fixture
def erased(network: Network) -> Contact:
    """Wilma, who will be erased. She and Ben are in the week's letter."""
    wilma, ben = (add_contact(network, given_name=given, family_name="Zander") for given in ("Wilma", "Ben"))
    for contact, need in ((wilma, "a boat"), (ben, "a pilot")):
        add_topic(network, contact=contact, kind="seeks", text=need)
    assert {each.contact for each in make_round(network, network.today()).listed} == {wilma, ben}
    return wilma


@pytest.fixture
def letter(network: Network, erased: Contact) -> OutgoingMail:
    """The letter, still waiting to be sent."""
    assert send_one_now(network, uuid4())
    mail = OutgoingMail.objects.get()
    assert "Wilma" in mail.text
    assert str(erased.uuid) in mail.named
    return mail


def test_letter_that_waits_is_written_anew(network: Network, erased: Contact, letter: OutgoingMail) -> None:
    key, message_id = letter.dedup_key, letter.message_id
    erase_contacts(network, [erased])
    letter.refresh_from_db()
    assert (letter.state, letter.dedup_key, letter.message_id) == (State.QUEUED, key, message_id)
    assert "Ben Zander" in letter.text
    assert "Wilma" not in letter.subject + letter.text + letter.html
    assert str(erased.uuid) not in letter.named


def test_letter_with_nobody_left_is_skipped(network: Network, erased: Contact, letter: OutgoingMail) -> None:
    erase_contacts(network, network.contacts.all())
    letter.refresh_from_db()
    assert (letter.state, letter.reason, letter.text) == (State.SKIPPED, Reason.NOBODY, "")


def test_letter_that_was_sent_keeps_its_state_alone(network: Network, erased: Contact, letter: OutgoingMail) -> None:
    send_due_mail()
    assert path_of_copy(letter.uuid).exists()
    erase_contacts(network, [erased])
    letter.refresh_from_db()
    assert (letter.state, letter.recipient, letter.subject, letter.text, letter.html) == (State.SENT, "", "", "", "")
    assert not path_of_copy(letter.uuid).exists()


def test_letter_under_an_earlier_name_is_emptied_too(network: Network, erased: Contact, letter: OutgoingMail) -> None:
    send_due_mail()
    network.contacts.filter(pk=erased.pk).update(display_name="Mina Hecht", given_name="Mina", family_name="Hecht")
    erase_contacts(network, [erased])
    letter.refresh_from_db()
    assert letter.text == ""


def test_letter_of_somebody_else_stays(network: Network, erased: Contact, letter: OutgoingMail) -> None:
    carp = add_contact(network, given_name="Carla", family_name="Karpfen")
    before = OutgoingMail.objects.values().get()
    erase_contacts(network, [carp])
    assert OutgoingMail.objects.values().get() == before


def test_letter_that_is_being_sent_leaves_no_file(
    network: Network, erased: Contact, letter: OutgoingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = transport.FolderBackend.hand_over

    def erased_meanwhile(backend: transport.FolderBackend, mail: OutgoingMail, message: bytes) -> None:
        erase_contacts(network, [erased])
        hand_over(backend, mail, message)

    monkeypatch.setattr(transport.FolderBackend, "hand_over", erased_meanwhile)
    send_due_mail()
    letter.refresh_from_db()
    assert (letter.state, letter.text) == (State.SENT, "")
    assert not path_of_copy(letter.uuid).exists()


def test_letter_that_was_emptied_and_could_not_be_sent_is_not_tried_again(
    network: Network, erased: Contact, letter: OutgoingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erased_meanwhile(backend: transport.FolderBackend, mail: OutgoingMail, message: bytes) -> None:
        erase_contacts(network, [erased])
        raise OSError

    monkeypatch.setattr(transport.FolderBackend, "hand_over", erased_meanwhile)
    send_due_mail()
    OutgoingMail.objects.update(due_at=letter.created_at)
    assert send_due_mail() == 0
    letter.refresh_from_db()
    assert (letter.state, letter.reason, letter.text) == (State.SKIPPED, Reason.EMPTIED, "")
