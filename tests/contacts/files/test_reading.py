"""Recognising the format of a file, and explaining to the member why a file cannot be read."""

from __future__ import annotations

import io
import zipfile

import pytest

from contacts.cards import Card, Skipped, UnreadableFileError, Way
from contacts.files import limits
from contacts.files.reading import read

VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Ahorn\r\nEND:VCARD\r\n"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def reason_for(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        list(read(data))
    return str(caught.value.reason)


@pytest.mark.parametrize(
    ("data", "beginning"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF document."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel or Outlook file."),
        (b"!BDN", "This is an Outlook data file"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\x1f\x8b\x08", "This file is compressed."),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "This is a calendar."),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nUID:1\r\nEND:VCALENDAR", "This is a calendar."),
        (b"<!DOCTYPE html><html></html>", "This is a web page or XML file."),
        (b"dn: cn=Ada\nobjectclass: person\n", "This is an LDIF file."),
        (b'{"some": "json"}', "This JSON file is no export that netcrm knows."),
        (b'{"account": {"data": [', "The JSON file is damaged"),
        (b"PK\x03\x04 broken", "The archive is damaged."),
        (b"just some words", "This is no file of contacts."),
    ],
)
def test_foreign_file_is_refused_with_a_reason(data: bytes, beginning: str) -> None:
    assert reason_for(data).startswith(beginning)


def test_archive_of_vcards_is_read_as_one_file() -> None:
    reading = read(zipped(a__vcf=VCARD, b__vcf=VCARD.replace(b"Ada", b"Bea").rstrip()))
    assert [entry.display_name for entry in reading if isinstance(entry, Card)] == ["Ada Ahorn", "Bea Ahorn"]


def test_archive_prefers_the_connections() -> None:
    data = zipped(
        **{"Profile__csv": b"First Name\nMe\n", "x/Connections__csv": b"First Name,Last Name,Connected On\nA,B,\n"}
    )
    assert read(data).format == "linkedin"


def test_member_whose_name_is_lost_is_left_out() -> None:
    data = zipped(a__vcf=VCARD, b=VCARD)
    start = data.rindex(b"PK\x01\x02")
    damaged = bytearray(data)
    damaged[start + 28] = 0  # The length of the name, whose bytes now count as part of the extra field after it.
    damaged[start + 30] = 1
    assert [entry.display_name for entry in read(bytes(damaged)) if isinstance(entry, Card)] == ["Ada Ahorn"]


def test_archive_without_contacts_is_refused() -> None:
    assert reason_for(zipped(readme__txt=b"hello")).startswith("The archive holds no contacts.")


def test_archive_with_workbook_is_refused() -> None:
    assert (
        reason_for(zipped(**{"xl/workbook__xml": b"<x/>"}))
        == "This is an Excel workbook. Save it as CSV and upload that."
    )


def test_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", limits.MEBIBYTE)
    reason = reason_for(zipped(a__vcf=b"\n" * (limits.MEBIBYTE + 1)))
    assert reason == "Unpacked, the archive holds more than 1 MB. Upload your contacts in parts."


def test_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 20)
    assert reason_for(VCARD).startswith("The file is larger than 64 MB.")


def test_entry_one_too_many_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 2)
    entries = iter(read(VCARD * 3))
    assert [next(entries).row, next(entries).row] == [1, 2]
    with pytest.raises(UnreadableFileError, match="more than 2 entries"):
        next(entries)


def test_picture_too_large_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PHOTO_BYTES", 100)
    (card,) = read(VCARD.replace(b"END:", b"PHOTO;ENCODING=b:" + b"A" * 400 + b"\r\nEND:"))
    assert isinstance(card, Card)
    assert (card.photo, [loss.field for loss in card.losses]) == (None, ["PHOTO"])


def test_long_text_is_cut_and_listed() -> None:
    (card,) = read(VCARD.replace(b"END:", b"ORG:" + b"x" * 500 + b"\r\nEND:"))
    assert isinstance(card, Card)
    assert len(card.organisation) == 300
    assert [str(loss.reason) for loss in card.losses] == ["The text was shortened to 300 characters."]


def test_more_values_than_anybody_has_are_cut_and_listed() -> None:
    lines = b"".join(b"TEL:0%d\r\n" % number for number in range(1000, 1300))
    (card,) = read(VCARD.replace(b"END:", lines + b"END:"))
    assert isinstance(card, Card)
    assert (len(card.ways), len(card.losses)) == (limits.MAX_VALUES, 1)


def test_reading_can_be_iterated_again() -> None:
    reading = read(VCARD * 2)
    assert list(reading) == list(reading)


def test_table_of_unknown_layout_is_guessed_for_the_mapping_page() -> None:
    table = read(b"Wer,Mail\nAda,ada@example.org\n").table
    assert table is not None
    assert (table.is_guessed, table.header, dict(table.mapping), table.samples) == (
        True,
        ("Wer", "Mail"),
        {1: "email"},
        (("Ada", "ada@example.org"),),
    )


def test_explicit_mapping_goes_before_the_header() -> None:
    reading = read(b"Wer,Mail\nAda,ada@example.org\n", mapping={"0": "given_name", "1": "email:work", "2": "nonsense"})
    assert list(reading) == [
        Card(row=1, given_name="Ada", display_name="Ada", ways=[Way("email", "ada@example.org", "work")])
    ]
    assert reading.table is not None
    assert not reading.table.is_guessed


def test_broken_card_does_not_stop_the_rest() -> None:
    broken = b"BEGIN:VCARD\r\nBDAY:nonsense\r\n\xff\xfe=\r\n:::\r\nEND:VCARD\r\n"
    first, second, third = read(VCARD + broken + VCARD)
    assert (first.row, isinstance(second, Skipped), third.row) == (1, True, 3)


def test_card_inside_another_leaves_the_rest_to_it() -> None:
    inner = VCARD.replace(b"Ada", b"Bea")
    outer = VCARD.replace(b"END:", inner + inner.replace(b"Bea", b"Cem") + b"TEL:+49 30 23125011\r\nEND:")
    cards = [entry for entry in read(outer + VCARD.replace(b"Ada", b"Dora")) if isinstance(entry, Card)]
    assert [(card.row, card.display_name, list(card.values("phone")), card.losses) for card in cards] == [
        (2, "Bea Ahorn", [], []),
        (3, "Cem Ahorn", [], []),
        (1, "Ada Ahorn", ["+49 30 23125011"], []),
        (4, "Dora Ahorn", [], []),
    ]


def test_member_of_what_is_no_group_is_kept() -> None:
    (card,) = read(VCARD.replace(b"END:", b"MEMBER:urn:uuid:1\r\nEND:"))
    assert isinstance(card, Card)
    assert card.extra == ["MEMBER:urn:uuid:1"]


def test_each_card_without_an_end_is_read() -> None:
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ahorn;Ada%d\r\nFN:Ada%d Ahorn\r\nTEL:0%d\r\n"
    cards = [
        entry for entry in read(b"".join(card % ((number,) * 3) for number in range(20))) if isinstance(entry, Card)
    ]
    read_out = sorted((each.row, each.given_name, each.display_name, *each.values("phone")) for each in cards)
    assert read_out == [(number + 1, f"Ada{number}", f"Ada{number} Ahorn", f"0{number}") for number in range(20)]
