"""Limits on the exports and uploads that a member can have in progress, waiting and stored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contacts.cards import UnreadableFileError
from contacts.importing import runs
from contacts.importing.running import work_on
from contacts.models import Network
from contacts.people.directory import add_contact
from contacts.people.photos import set_photo
from favours.transfer import exports
from favours.transfer.exports import request_export, write_export
from favours.transfer.storage import storage_of
from tests.contacts.pictures import picture
from tests.elsewhere import elsewhere
from tests.favours.entries import log_favour

CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:Zoe\nEND:VCARD\n"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every export too large to be written within the request."""
    monkeypatch.setattr(exports, "PIECES_AT_ONCE", -1)


@pytest.mark.usefixtures("slow")
def test_three_exports_are_under_way_at_most(network: Network, alice_client: Client) -> None:
    for file_format in ("json", "csv", "vcard3"):
        assert alice_client.post("/export/", {"format": file_format}).status_code == 302
    refused = alice_client.post("/export/", {"format": "vcard4"})
    assert (refused.status_code, network.exports.count()) == (422, 3)
    assert "Three exports are being written already. Wait until one of them is done." in refused.content.decode()
    write_export(network.exports.earliest("pk").pk)
    assert alice_client.post("/export/", {"format": "vcard4"}).status_code == 302


@pytest.mark.usefixtures("slow")
def test_export_asked_for_again_is_the_one_under_way(network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    first = request_export(network, file_format="json")
    assert request_export(network, file_format="json") == first
    assert request_export(network, file_format="json", contact=anna) != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow")
def test_exports_asked_for_at_once_are_three_at_most(network: Network) -> None:
    people = [add_contact(network, given_name=name) for name in ("Anna", "Ben", "Clara", "Deniz", "Eva", "Finn")]

    def ask() -> bool:
        try:
            return bool(request_export(network, file_format="json", contact=people.pop()))
        except ValidationError:
            return False

    assert sorted(elsewhere(ask, workers=6)) == [False] * 3 + [True] * 3


def test_oldest_of_many_finished_exports_goes_with_its_file(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_KEPT", 2)
    written = [request_export(network, file_format="json") for _number in range(3)]
    assert list(network.exports.order_by("pk")) == written[1:]
    assert network.files.count() == 2


def test_export_about_one_person_with_a_long_history_is_written_by_the_worker(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECES_AT_ONCE", 3)
    anna = add_contact(network, given_name="Anna")
    assert request_export(network, file_format="json", contact=anna).state == "done"
    for _number in range(3):
        log_favour(network, direction="give", kind="tip", day=network.today(), contacts=[anna])
    assert request_export(network, file_format="json", contact=anna).state == "queued"


def test_uploads_wait_up_to_a_size_and_make_room_when_discarded(
    network: Network, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST_WAITING", 2 * len(CARD))
    waiting = [runs.receive(network, name="cards.vcf", data=CARD) for _number in range(2)]
    for run in waiting:
        work_on(run.pk)
    with pytest.raises(UnreadableFileError, match="Import or discard one of them first"):
        runs.receive(network, name="cards.vcf", data=CARD)
    assert network.files.count() == 2
    network.import_runs.filter(pk=waiting[0].pk).update(state="failed")
    page = alice_client.get("/contacts/import/").content.decode()
    assert page.count("Discard") == 2
    for run in waiting:
        assert f"/contacts/import/{run.uuid}/cancel/" in page
        alice_client.post(f"/contacts/import/{run.uuid}/cancel/")
    assert network.files.count() == 0
    assert runs.receive(network, name="cards.vcf", data=CARD).state == "reading"


def test_single_upload_may_be_larger_than_all_together(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_WAITING", 1)
    assert runs.receive(network, name="cards.vcf", data=CARD).state == "reading"


def test_storage_is_told_by_what_takes_it(
    network: Network, stranger_network: Network, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = add_contact(network, given_name="Anna", notes="x" * 3000)
    set_photo(network, anna, picture())
    before = storage_of(network)
    assert (before.uploads, before.exports) == (0, 0)
    assert before.pictures == len(network.photos.get().content)
    assert 3000 < before.texts < 10_000
    runs.receive(network, name="cards.vcf", data=CARD)
    export = request_export(network, file_format="vcard4")
    assert export.file is not None
    after = storage_of(network)
    assert (after.uploads, after.exports) == (len(CARD), len(export.file.content))
    assert storage_of(stranger_network).total < 100
    assert "How much room your data takes" in alice_client.get("/accounts/settings/").content.decode()
    page = alice_client.get("/settings/storage/").content.decode()
    assert "Pictures of people" in page
