"""Waiting uploads, and lists of lost data, when somebody is permanently erased."""

from __future__ import annotations

import pytest

from contacts.erasing.contacts import erase_contacts, remove_contacts
from contacts.importing.running import work_on
from contacts.importing.runs import confirm, receive, request_undo
from contacts.models import Contact, ImportRow, ImportRun, Network
from favours.sample.network import add_sample

pytestmark = pytest.mark.django_db

CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:zander-1\nFN:Wilma Zander\nX-FISH:pike\nBDAY:nonsense\nEND:VCARD\n"


def upload(network: Network) -> ImportRun:
    """Upload and preview a file, which then waits for the member. Returns its import."""
    run = receive(network, name="people.vcf", data=CARD.encode())
    work_on(run.pk)
    run.refresh_from_db()
    assert run.state == "preview"
    return run


@pytest.fixture
def wilma(network: Network) -> Contact:
    run = upload(network)
    confirm(network, run)
    work_on(run.pk)
    return network.contacts.get()


def test_waiting_upload_goes_and_says_why(network: Network, wilma: Contact) -> None:
    run = upload(network)
    erase_contacts(network, [wilma])
    run.refresh_from_db()
    assert (run.state, run.file, run.rows.count()) == ("cancelled", None, 0)
    assert run.problem == "Somebody was erased for good who may be in this file. Upload it again."
    assert not network.files.exists()


def test_sample_that_leaves_takes_no_upload_with_it(network: Network) -> None:
    sample = add_sample(network, contacts=5, favours=5)
    run = upload(network)
    request_undo(network, sample)
    work_on(sample.pk)
    run.refresh_from_db()
    assert (run.state, network.contacts.count()) == ("preview", 0)


def test_undone_import_leaves_nothing_of_its_people(network: Network, wilma: Contact) -> None:
    run = network.import_runs.get()
    request_undo(network, run)
    work_on(run.pk)
    assert not network.contacts(manager="with_trash").exists()
    assert not ImportRow.objects.filter(name__contains="Zander").exists()
    assert not network.files.exists()


def test_what_was_lost_of_somebody_goes_with_them_under_any_name(network: Network, wilma: Contact) -> None:
    assert ImportRow.objects.filter(outcome="lost", name="Wilma Zander").exists()
    network.contacts.update(display_name="Mina Hecht", sort_name="hecht mina", given_name="", family_name="")
    remove_contacts(network, network.contacts.all())
    assert not ImportRow.objects.filter(name="Wilma Zander").exists()


def test_import_of_somebody_who_was_erased_does_not_name_them_in_what_stays(network: Network, wilma: Contact) -> None:
    erase_contacts(network, [wilma])
    run = upload(network)
    confirm(network, run)
    work_on(run.pk)
    assert [row.name for row in run.rows.filter(outcome="skipped")] == [""]
    assert not ImportRow.objects.filter(name__contains="Zander").exists()
