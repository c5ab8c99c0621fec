"""CSV that was written reads back unchanged, and no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contacts.cards import Card, Way
from contacts.files.reading import read
from contacts.files.tables import writing as csv_writer
from contacts.files.tables.rows import guarded, unguarded
from tests.contacts.files.cards import cards


@given(written=st.lists(cards(with_photo=False), min_size=1, max_size=3))
@example([Card(row=1, uid="0d1c58a4-6a5e-4bb0-8b2c-3d8b1f9f2c11", display_name="A", extra=["X-FOREIGN:\ufffd"])])
def test_csv_comes_back_as_written(written: list[Card]) -> None:
    reading = read("".join(csv_writer.write(written)).encode())
    assert reading.format == "netcrm"
    assert list(reading) == [
        replace(card, row=row, ways=sorted(card.ways, key=lambda way: ORDER.index(way.kind)))
        for row, card in enumerate(written, start=1)
    ]


ORDER = ["email", "phone", "address", "link"]


@given(card=cards(with_photo=False))
def test_csv_has_no_formula(card: Card) -> None:
    rows = csv.reader("".join(csv_writer.write([card])).split("\r\n"))
    signs = ("=", "+", "-", "@", "\t", "\0")
    begun = [cell for row in rows for cell in row if cell[:1] in signs and cell]
    assert [cell for cell in begun if not re.fullmatch(r"\+[0-9]+( [0-9]+)+", cell)] == []


BEGINNINGS = ["", " ", "\t", "\r", "\n", "\xa0", "\u200b", "\ufeff", "\u200e", "\u2060", "\u3000", "'", "\u00ad \xa0"]
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("sign", SIGNS)
def test_csv_guards_whatever_a_spreadsheet_may_take_for_a_sign(sign: str, beginning: str) -> None:
    cell = f"{beginning}{sign}1+1"
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["Ada", "O'Neil", "'n Abend", "a=b", "", "'", "\xa0", "1-2"])
def test_csv_leaves_other_cells_alone(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("+49 30 1234", "+49 30 1234"),
        ("+493012345678", "+49 30 12345678"),
        ("+491701234567", "+49 170 1234567"),
        ("+1-212-555-0123", "+1 212 555 0123"),
        ("+1 (212) 555-0123", "+1 212 555 0123"),
        ("+49 (0) 30/12345678", "+49 30 12345678"),
        ("+44.20.7946.0123", "+44 20 7946 0123"),
        ("+390669812345", "+39 06 6981 2345"),
        ("030 12345678", "030 12345678"),
        ("+1", "'+1"),
        ("+1+1", "'+1+1"),
        ("+A1", "'+A1"),
        ("=1+1", "'=1+1"),
        ("+49 30 1234 ext. 5", "'+49 30 1234 ext. 5"),
    ],
)
def test_csv_writes_a_number_with_plus_as_text_that_others_take(number: str, cell: str) -> None:
    card = Card(display_name="Ada", ways=[Way("phone", number)])
    header, row = csv.reader("".join(csv_writer.write([card])).splitlines())
    assert row[header.index("Phone 1 - Value")] == cell


def test_csv_begins_with_the_mark_of_utf_8() -> None:
    data = "".join(csv_writer.write([Card(display_name="Jörg")])).encode()
    assert data.startswith(b"\xef\xbb\xbfFirst Name,")
    assert [card.display_name for card in read(data) if isinstance(card, Card)] == ["Jörg"]


def test_apostrophe_of_an_earlier_export_comes_off() -> None:
    assert unguarded("'+49 30 1234") == "+49 30 1234"


def test_csv_has_columns_for_the_most_values() -> None:
    two = Card(display_name="Ada", ways=[Way("email", "a@example.org"), Way("email", "b@example.org")])
    header = next(csv.reader("".join(csv_writer.write([Card(display_name="Ben"), two])).splitlines()))
    assert [name for name in header if name.startswith("E-mail")] == [
        "E-mail 1 - Label",
        "E-mail 1 - Value",
        "E-mail 2 - Label",
        "E-mail 2 - Value",
    ]
