"""Erased people stay erased when an older backup is restored; tests/processes/test_backup.py covers the backups."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from accounts.members import erase_member
from accounts.models import User
from contacts.erasing.contacts import empty_trash, erase_contacts, remove_contacts
from contacts.erasing.erasures import erasures_file
from contacts.models import Contact, Network
from contacts.people.directory import add_contact, trash_contacts
from netcrm.restoring import erase_again
from tests.conftest import make_member
from tests.elsewhere import logged_here
from tests.favours.entries import log_favour

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_folder")]


def bring_back(network: Network, contact: Contact) -> None:
    """Put an erased contact back, as restoring a backup would."""
    Contact.objects.create(network=network, uuid=contact.uuid, display_name=contact.display_name)


def test_erased_contact_is_erased_again(network: Network) -> None:
    erased = add_contact(network, given_name="Anna")
    kept = add_contact(network, given_name="Ben")
    erase_contacts(network, [erased])
    bring_back(network, erased)
    assert erase_again() == 1
    assert list(network.contacts(manager="with_trash").all()) == [kept]
    assert erase_again() == 0


def test_contact_of_the_emptied_trash_is_erased_again(network: Network) -> None:
    contact = add_contact(network, given_name="Anna")
    trash_contacts(network, [contact])
    network.contacts(manager="with_trash").update(deleted_at="2020-01-01T00:00Z")
    empty_trash(network, contact.created_at)
    bring_back(network, contact)
    assert erase_again() == 1


def test_erasing_again_empties_entries_of_the_person(network: Network) -> None:
    erased, kept = add_contact(network, given_name="Anna"), add_contact(network, given_name="Ben")
    erase_contacts(network, [erased])
    bring_back(network, erased)
    favour = log_favour(network, direction="give", kind="tip", contacts=[*network.contacts.all()])
    assert erase_again() == 1
    assert [(part.contact, part.share) for part in favour.participations.all()] == [(kept, 1.0)]


def test_erased_member_is_erased_again(alice: User, network: Network, stranger_network: Network) -> None:
    identifier = network.uuid
    erase_member(alice)
    Network.objects.create(owner=make_member("alice@example.org"), uuid=identifier)
    assert erase_again() == 1
    assert list(User.objects.all()) == [stranger_network.owner]


def test_member_who_came_back_stays(alice: User, network: Network) -> None:
    erase_member(alice)
    Network.objects.create(owner=make_member("alice@example.org"))
    assert erase_again() == 0


def test_removed_import_is_no_erasure(network: Network) -> None:
    contact = add_contact(network, given_name="Anna")
    remove_contacts(network, [contact])
    bring_back(network, contact)
    assert erase_again() == 0


def test_erasures_hold_no_personal_data(alice: User, network: Network) -> None:
    contact = add_contact(network, given_name="Anna")
    today = contact.created_at.date()
    identifier = network.uuid
    erase_contacts(network, [contact])
    erase_member(alice)
    assert erasures_file().read_text() == f"{today} contact {contact.uuid}\n{today} network {identifier}\n"
    assert erasures_file().stat().st_mode & 0o777 == 0o600


def test_damaged_line_costs_a_warning(network: Network, caplog: pytest.LogCaptureFixture) -> None:
    contact = add_contact(network, given_name="Anna")
    erasures_file().parent.mkdir()
    erasures_file().write_text(f"2026-11-23 conta\n2026-11-23 contact {contact.uuid}\n")
    assert erase_again() == 1
    assert caplog.messages == [f"Line 1 of {erasures_file()} names no erasure."]


def test_unwritable_file_costs_an_error_in_the_log(
    settings: LazySettings, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = Path("/dev/null")
    erase_contacts(network, [add_contact(network, given_name="Anna")])
    assert [record.levelname for record in logged_here(caplog)] == ["ERROR"]
    assert not network.contacts.exists()


def test_command_tells_how_many(network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    contact = add_contact(network, given_name="Anna")
    erase_contacts(network, [contact])
    bring_back(network, contact)
    call_command("erase_again")
    assert capsys.readouterr().out == "Erased again: 1.\n"
