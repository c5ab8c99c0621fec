"""Background exports: requested, written by the worker that has claimed them, downloaded, and deleted."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.cards import Way
from contacts.database.leases import MOST_ATTEMPTS, STALE_AFTER
from contacts.erasing.contacts import erase_contacts
from contacts.importing.running import bring_in_now
from contacts.models import Contact, Network
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact
from contacts.people.photos import set_photo
from contacts.people.topics import add_topic
from favours.models import Export
from favours.transfer import exports
from favours.transfer.exports import due_exports, request_export, wipe_old, write_export
from tests.contacts.pictures import picture
from tests.favours.entries import log_favour

DAY = date(2026, 3, 4)


@pytest.fixture
def anna(network: Network) -> Contact:
    return add_contact(network, given_name="Anna", family_name="Weber", circles=["Choir"])


@pytest.fixture
def waiting(network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch) -> Export:
    """An export that is too large to be written immediately."""
    monkeypatch.setattr(exports, "PIECES_AT_ONCE", 0)
    return request_export(network, file_format="json")


def content(export: Export) -> bytes:
    assert export.file is not None
    return bytes(export.file.content)


def test_small_export_is_written_at_once(network: Network, anna: Contact) -> None:
    export = request_export(network, file_format="vcard4")
    assert (export.state, export.rows_done) == ("done", 1)
    assert content(export).startswith(b"BEGIN:VCARD")


def test_large_export_waits_for_a_worker_and_is_found_by_the_sweep(network: Network, waiting: Export) -> None:
    assert (waiting.state, due_exports(timezone.now())) == ("queued", [waiting.pk])
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, due_exports(timezone.now())) == ("done", [])
    assert [person["given_name"] for person in json.loads(content(waiting))["contacts"]] == ["Anna"]


def test_export_of_a_dead_worker_is_written_by_the_next(network: Network, waiting: Export) -> None:
    held = {"state": "running", "heartbeat_at": timezone.now()}
    network.exports.filter(pk=waiting.pk).update(**held)
    assert due_exports(timezone.now()) == []
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "running", "the living worker keeps it"

    network.exports.update(heartbeat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    assert due_exports(timezone.now()) == [waiting.pk]
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "done"


def test_two_workers_store_one_file(network: Network, waiting: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_over(*args: Any) -> Any:
        network.exports.update(heartbeat_at=timezone.now() + timedelta(seconds=1))
        yield "{}"

    chosen = exports.FORMATS["json"]
    monkeypatch.setitem(exports.FORMATS, "json", type(chosen)("", "json", "application/json", taken_over, chosen.count))
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, network.files.count()) == ("running", 0)


def test_failure_of_a_worker_that_has_lost_its_hold_is_silent(
    network: Network, waiting: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_over(*args: Any) -> Any:
        network.exports.update(heartbeat_at=timezone.now() + timedelta(seconds=1))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports.tempfile, "TemporaryFile", taken_over)
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == ("running", "")


def test_full_disk_fails_with_the_remedy(network: Network, waiting: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports.tempfile, "TemporaryFile", full)
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (
        "failed",
        "The file could not be written: No space left on device. Make room on the disk, then export again.",
    )


def test_export_that_kills_its_workers_is_parked(network: Network, waiting: Export) -> None:
    network.exports.update(attempts=MOST_ATTEMPTS)
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "failed"


def test_larger_file_than_the_database_takes_is_refused(
    network: Network, waiting: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MAX_BYTES", 10)
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, network.files.count()) == ("failed", 0)


def test_exports_leave_after_a_week_with_their_files(network: Network, anna: Contact) -> None:
    request_export(network, file_format="json")
    wipe_old(timezone.now() + exports.KEPT - timedelta(minutes=1))
    assert (network.exports.count(), network.files.count()) == (1, 1)
    wipe_old(timezone.now() + exports.KEPT + timedelta(minutes=1))
    assert (network.exports.count(), network.files.count()) == (0, 0)


def test_erasing_somebody_removes_the_files_that_hold_them(network: Network, anna: Contact) -> None:
    request_export(network, file_format="json")
    erase_contacts(network, [anna])
    assert (network.exports.count(), network.files.count()) == (0, 0)


def test_export_about_one_names_nobody_else(network: Network, anna: Contact) -> None:
    ben = add_contact(network, given_name="Ben", circles=["Club"])
    add_topic(network, contact=anna, kind="seeks", text="an office")
    add_topic(network, contact=ben, kind="seeks", text="a garden")
    log_conversation(network, day=DAY, contacts=[anna, ben], note="Coffee")
    log_conversation(network, day=DAY, contacts=[ben], note="Tea")
    log_favour(network, direction="give", kind="introduction", day=DAY, contacts=[anna, ben])
    log_favour(network, direction="receive", kind="tip", day=DAY, contacts=[ben])

    data = json.loads(content(request_export(network, file_format="json", contact=anna)))

    assert data["contacts"][0]["id"] == str(anna.uuid)
    assert [circle["name"] for circle in data["circles"]] == ["Choir"]
    assert [line["text"] for line in data["lines"]] == ["an office"]
    assert [(talk["note"], talk["contacts"]) for talk in data["conversations"]] == [("Coffee", [str(anna.uuid)])]
    assert [(help_["kind"], help_["contacts"]) for help_ in data["favours"]] == [("introduction", [str(anna.uuid)])]
    assert len(data["contacts"]) == 1


def test_table_comes_with_a_folder_of_pictures_and_back(
    network: Network, stranger_network: Network, anna: Contact
) -> None:
    ben = add_contact(network, given_name="Ben", family_name="Groß", would_call=True)
    for contact, size in ((anna, (60, 60)), (ben, (50, 50))):
        set_photo(network, contact, picture(size))
    add_contact(network, given_name="Clara")
    data = content(request_export(network, file_format="csv_photos"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        table = archive.read("contacts.csv").decode("utf-8-sig")
        files = sorted(archive.namelist())
        rows = {row["First Name"]: row["netcrm Photo"] for row in csv.DictReader(io.StringIO(table))}
        assert archive.read(rows["Ben"]) == bytes(network.photos.get(contact=ben).content)
    assert files == sorted(["contacts.csv", *filter(None, rows.values())])
    assert rows["Ben"].startswith("photos/ben-gro")
    assert (rows["Clara"], len(rows)) == ("", 3)

    bring_in_now(stranger_network, name="x.zip", data=data)
    back = {photo.contact.given_name: bytes(photo.content) for photo in stranger_network.photos.all()}
    assert back == {photo.contact.given_name: bytes(photo.content) for photo in network.photos.all()}
    assert [contact.given_name for contact in stranger_network.contacts.filter(would_call=True)] == ["Ben"]
    assert bring_in_now(stranger_network, name="x.zip", data=data).report["unchanged"] == 3


def test_picture_that_an_archive_lacks_is_listed(network: Network, stranger_network: Network, anna: Contact) -> None:
    set_photo(network, anna, picture())
    data = content(request_export(network, file_format="csv_photos"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        table = archive.read("contacts.csv")
    lacking = io.BytesIO()
    with zipfile.ZipFile(lacking, "w") as archive:
        archive.writestr("contacts.csv", table)
    run = bring_in_now(stranger_network, name="x.zip", data=lacking.getvalue())
    assert [row.reason for row in run.rows.all()] == ["The picture is missing from the archive, or damaged."]
    assert stranger_network.contacts.count() == 1


@pytest.mark.parametrize("file_format", ["json", "vcard4", "vcard3", "csv", "csv_photos"])
def test_whom_one_would_call_comes_back(network: Network, stranger_network: Network, file_format: str) -> None:
    for name, would_call in (("Anna", True), ("Ben", False)):
        add_contact(network, given_name=name, would_call=would_call, ways=[Way("email", f"{name}@example.org")])
    data = content(request_export(network, file_format=file_format))
    bring_in_now(stranger_network, name="x", data=data)
    known = dict(stranger_network.contacts.values_list("given_name", "would_call"))
    assert known == {"Anna": True, "Ben": False}
    bring_in_now(network, name="x", data=data)
    assert dict(network.contacts.values_list("given_name", "would_call")) == known


def test_whom_one_would_call_comes_back_to_somebody_who_is_there(network: Network, stranger_network: Network) -> None:
    for each, would_call in ((network, True), (stranger_network, False)):
        add_contact(each, given_name="Anna", would_call=would_call, ways=[Way("email", "anna@example.org")])
    bring_in_now(stranger_network, name="x", data=content(request_export(network, file_format="json")))
    assert stranger_network.contacts.get().would_call


def test_page_writes_and_hands_out_a_file(alice_client: Client, network: Network, anna: Contact) -> None:
    asked = alice_client.post("/export/", {"format": "csv"})
    export = network.exports.get()
    assert (asked.status_code, asked.headers["Location"]) == (302, f"/export/{export.uuid}/")
    assert "Save the file" in alice_client.get(asked.headers["Location"]).content.decode()
    file = alice_client.get(f"/export/{export.uuid}/file/")
    name = f"netcrm-{network.today().isoformat()}.csv"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert file.content == content(export)
    assert name in alice_client.get("/export/").content.decode()


def test_page_about_one_offers_no_table(alice_client: Client, network: Network, anna: Contact) -> None:
    answer = alice_client.post(f"/export/?contact={anna.uuid}", {"format": "csv"})
    assert (answer.status_code, network.exports.count()) == (422, 0)
    alice_client.post(f"/export/?contact={anna.uuid}", {"format": "vcard3"})
    assert network.exports.get().contact == anna


def test_page_follows_a_file_that_is_being_written(alice_client: Client, waiting: Export) -> None:
    address = f"/export/{waiting.uuid}/"
    assert "hx-get" in alice_client.get(address).content.decode()
    write_export(waiting.pk)
    part = alice_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "hx-get" in part, "Save the file" in part) == (False, False, True)


def test_page_says_that_an_interrupted_file_goes_on(alice_client: Client, network: Network, waiting: Export) -> None:
    network.exports.update(state="running", attempts=1)
    text = alice_client.get(f"/export/{waiting.uuid}/").content.decode()
    assert "Something came in between. It goes on by itself in a minute." in text


def test_person_of_another_network_is_not_found(alice_client: Client, stranger_network: Network) -> None:
    theirs = add_contact(stranger_network, given_name="Theirs")
    assert alice_client.get(f"/export/?contact={theirs.uuid}").status_code == 404


def test_command_writes_a_file(network: Network, anna: Contact, tmp_path: Path) -> None:
    from django.core.management import call_command

    call_command("export", owner=network.owner.email, format="vcard3", out=tmp_path / "x.vcf")
    assert (tmp_path / "x.vcf").read_bytes().startswith(b"BEGIN:VCARD")


def test_export_of_a_worker_that_died_before_the_clock_was_set_back_is_written(
    network: Network, waiting: Export
) -> None:
    network.exports.update(state="running", heartbeat_at=timezone.now() + timedelta(hours=1))
    assert due_exports(timezone.now()) == [waiting.pk]
    write_export(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "done"
