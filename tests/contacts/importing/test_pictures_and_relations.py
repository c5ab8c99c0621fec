"""Pictures and related people in files become rows, disappear again with an undo, and are exported."""

from __future__ import annotations

import base64

import pytest

from contacts.files.vcard import writing as vcard
from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import request_undo
from contacts.models import ImportRun, Network
from contacts.people.photos import finished, remove_photo, set_photo
from contacts.people.relations import add_relation, related_people
from contacts.transfer.cards import Cards
from tests.contacts.pictures import picture

PICTURE = picture((60, 40), "JPEG")
ANNA = "\r\n".join(
    (
        "BEGIN:VCARD",
        "VERSION:4.0",
        "UID:anna-1",
        "FN:Anna",
        f"PHOTO:data:image/jpeg;base64,{base64.b64encode(PICTURE).decode()}",
        "RELATED;TYPE=spouse:urn:uuid:ben-1",
        "item1.X-ABRELATEDNAMES:Mia",
        "item1.X-ABLabel:_$!<Child>!$_",
        "END:VCARD",
        "",
    )
)
BEN = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ben-1\r\nFN:Ben\r\nEND:VCARD\r\n"


def bring(network: Network, *cards: str) -> ImportRun:
    return bring_in_now(network, name="x.vcf", data="".join(cards).encode())


def told(network: Network, name: str) -> list[tuple[str, str, bool]]:
    people = related_people(network, network.contacts.get(display_name=name))
    return [(person.label, person.name, person.contact is not None) for person in people]


@pytest.mark.parametrize("cards", [(ANNA, BEN), (BEN, ANNA)])
def test_import_brings_picture_and_related_people(network: Network, cards: tuple[str, str]) -> None:
    run = bring(network, *cards)
    assert (run.report["created"], run.report.get("lost", 0)) == (2, 0)
    assert bytes(network.photos.get(contact__display_name="Anna").content) == finished(PICTURE)
    assert told(network, "Anna") == [("child", "Mia", False), ("husband or wife", "Ben", True)]
    assert network.contacts.get(display_name="Anna").extra_properties == []


def test_related_card_that_comes_later_is_tied_then(network: Network) -> None:
    bring(network, ANNA)
    assert told(network, "Anna") == [("child", "Mia", False)]
    bring(network, BEN)
    assert told(network, "Anna") == [("child", "Mia", False), ("husband or wife", "Ben", True)]


def test_same_file_again_brings_nothing_and_leaves_removals(network: Network) -> None:
    bring(network, ANNA, BEN)
    remove_photo(network, network.contacts.get(display_name="Anna"))
    network.relations.filter(name="Mia").delete()
    run = bring(network, ANNA, BEN)
    assert run.report["unchanged"] == 2
    assert (network.photos.count(), told(network, "Anna")) == (0, [("husband or wife", "Ben", True)])


def test_merging_fills_what_is_missing_and_undo_takes_it_back(network: Network) -> None:
    bring(network, "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:anna-1\r\nFN:Anna\r\nEND:VCARD\r\n")
    add_relation(network, network.contacts.get(), label="child", name="Mia")
    run = bring(network, ANNA)
    assert (network.photos.count(), told(network, "Anna")) == (1, [("child", "Mia", False)])
    assert list(network.import_rows.filter(run=run, outcome="merged").values_list("fields", flat=True)) == [
        ["related", "photo"]
    ]
    request_undo(network, run)
    work_on(run.pk)
    assert (network.photos.count(), network.relations.filter(card_uid="").count(), network.relations.count()) == (
        0,
        1,
        1,
    )


def test_picture_of_ones_own_stays(network: Network) -> None:
    bring(network, "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:anna-1\r\nFN:Anna\r\nEND:VCARD\r\n")
    own = set_photo(network, network.contacts.get(), picture())
    bring(network, ANNA)
    assert network.photos.get() == own


def test_undo_erases_what_it_brought(network: Network) -> None:
    run = bring(network, ANNA, BEN)
    request_undo(network, run)
    work_on(run.pk)
    assert (network.contacts.count(), network.photos.count(), network.relations.count()) == (0, 0, 0)


def test_broken_picture_is_told_and_stops_nothing(network: Network) -> None:
    run = bring(network, ANNA.replace(base64.b64encode(PICTURE).decode(), base64.b64encode(PICTURE[:200]).decode()))
    lost = network.import_rows.filter(run=run, outcome="lost").values_list("fields", flat=True)
    assert (run.report["created"], list(lost), network.photos.count()) == (1, [["PHOTO"]], 0)


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_export_brings_everything_into_another_network(
    network: Network, stranger_network: Network, version: vcard.Version
) -> None:
    bring(network, ANNA, BEN)
    text = "".join(vcard.write(Cards(network, network.contacts.order_by("sort_name", "pk")), version))
    related = "RELATED;TYPE=spouse;VALUE=text:Ben" if version == "4.0" else "X-ABRELATEDNAMES:Ben"
    assert related in text.replace("\r\n ", "")
    bring(stranger_network, text)
    assert told(stranger_network, "Anna") == told(network, "Anna")
    assert bytes(stranger_network.photos.get().content) == bytes(network.photos.get().content)
