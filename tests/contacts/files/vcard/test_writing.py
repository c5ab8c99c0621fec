"""vCards that were written read back unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.cards import Card, PartialDate, Way
from contacts.files.reading import read
from contacts.files.vcard import writing as vcard
from tests.contacts.files.cards import cards

VERSIONS = ["4.0", "3.0"]


def lines_of(card: Card, version: vcard.Version = "4.0") -> list[str]:
    """Return the unfolded lines of one card as written."""
    return "".join(vcard.write([card], version)).replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("version", VERSIONS)
@given(written=st.lists(cards(), max_size=3))
def test_vcard_comes_back_as_written(version: vcard.Version, written: list[Card]) -> None:
    text = "".join(vcard.write(written, version)) or "BEGIN:VCARD\r\nEND:VCARD\r\n"
    entries = [entry for entry in read(text.encode()) if isinstance(entry, Card)]
    assert entries == [replace(card, row=row) for row, card in enumerate(written, start=1)]


@pytest.mark.parametrize("version", VERSIONS)
@given(card=cards())
def test_vcard_lines_are_short_and_whole(version: vcard.Version, card: Card) -> None:
    text = "".join(vcard.write([card], version)).encode()
    assert [line for line in text.split(b"\r\n") if len(line) > 75] == []
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert [line.decode() for line in text.split(b"\r\n")]


def test_vcard_escapes_text() -> None:
    card = Card(display_name="A, B; C\\D", notes="one\ntwo")
    assert lines_of(card)[2:4] == ["FN:A\\, B\\; C\\\\D", "NOTE:one\\ntwo"]


def test_vcard_birthday_without_year_follows_the_version() -> None:
    card = Card(display_name="Ada", birthday=PartialDate(4, 12))
    assert lines_of(card, "4.0")[3] == "BDAY:--0412"
    assert lines_of(card, "3.0")[4] == "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12"


def test_vcard_label_of_its_own_gets_a_group_that_is_free() -> None:
    card = Card(display_name="Ada", ways=[Way("phone", "030 1", "Segelboot")], extra=["item1.X-FOO:bar"])
    assert lines_of(card)[3:6] == ["item2.TEL:030 1", "item2.X-ABLabel:Segelboot", "item1.X-FOO:bar"]


def test_vcard_writes_standard_labels_as_types() -> None:
    card = Card(display_name="Ada", ways=[Way("phone", "030 1", "work fax"), Way("phone", "0170 1", "mobile")])
    assert lines_of(card)[3:5] == ["TEL;TYPE=work;TYPE=fax:030 1", "TEL;TYPE=cell:0170 1"]


LINE_ENDS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("end", LINE_ENDS)
def test_vcard_kept_property_stays_one_line(version: vcard.Version, end: str) -> None:
    injected = f"bar{end}END:VCARD{end}BEGIN:VCARD{end}FN:Eve"
    card = Card(
        display_name=f"Ada{end}FN:Eve",
        notes=f"one{end}FN:Eve",
        ways=[Way("link", f"https://a.example/{end}FN:Eve", f"x{end}FN:Eve"), Way("phone", f"1{end}FN:Eve")],
        extra=[f"X-FOO:{injected}", f"X-{end}FN:Eve"],
    )
    text = "".join(vcard.write([card], version)).replace("\r\n ", "")
    assert [line for line in text.splitlines() if line.startswith("FN:Eve")] == []
    assert len([line for line in text.splitlines() if line in ("BEGIN:VCARD", "END:VCARD")]) == 2
    assert f"X-FOO:{injected.replace(end, chr(92) + 'n')}" in text.splitlines()


@pytest.mark.parametrize(
    "line", ["END:VCARD", "end:vcard", " END:VCARD", "BEGIN : VCARD", "item1.END:VCARD", "VERSION:2.1", "no property"]
)
def test_vcard_kept_line_ends_no_card_and_continues_no_other_line(line: str) -> None:
    lines = lines_of(Card(display_name="Ada", extra=[line, "\tX-FOO:bar"]))
    assert lines == ["BEGIN:VCARD", "VERSION:4.0", "FN:Ada", "X-FOO:bar", "END:VCARD", ""]
