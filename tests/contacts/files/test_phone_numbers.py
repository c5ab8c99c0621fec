"""Phone numbers in the spellings that tables and cards contain."""

from __future__ import annotations

import pytest

from contacts.cards import Card, Way
from contacts.files.phone_numbers import numbers_in, unspoilt
from contacts.files.reading import read


def card_of(data: str) -> Card:
    (card,) = read(data.encode())
    assert isinstance(card, Card)
    return card


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("030 1234567", ["030 1234567"]),
        ("030/1234567", ["030/1234567"]),
        ("030 / 1234567", ["030 / 1234567"]),
        ("0170/1234567", ["0170/1234567"]),
        ("+49 30/1234567", ["+49 30/1234567"]),
        ("0711/123456-0", ["0711/123456-0"]),
        ("030 1234567 / 68", ["030 1234567", "030 1234568"]),
        ("030 1234567/68", ["030 1234567", "030 1234568"]),
        ("030 123 45 67 / 8 / 9", ["030 123 45 67", "030 123 45 68", "030 123 45 69"]),
        ("+49 30 1234567 / -12", ["+49 30 1234567", "+49 30 1234512"]),
        ("030 12 34 / 5678", ["030 12 34 / 5678"]),
        ("030 1234567 / 0170 7654321", ["030 1234567", "0170 7654321"]),
        ("030/1234567 / +49 170 7654321", ["030/1234567", "+49 170 7654321"]),
        ("030 1234567 oder 0170 7654321", ["030 1234567", "0170 7654321"]),
        ("020 7946 0958 or 020 7946 0959", ["020 7946 0958", "020 7946 0959"]),
        ("030 1234567; 0170 7654321", ["030 1234567", "0170 7654321"]),
        ("030 1234567\n0170 7654321", ["030 1234567", "0170 7654321"]),
        ("030 1234567 und Anna fragen", ["030 1234567 und Anna fragen"]),
        ("112", ["112"]),
        ("", [""]),
    ],
)
def test_numbers_in_one_text(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("030 1234567", "030 1234567"),
        ("4.91701E+11", ""),
        ("4,91701E+11", ""),
        ("4.91701e11", ""),
        ("1.70123E+09", ""),
        ("+4.9E+11", ""),
        ("5E+10", ""),
        ("4.91701234567E+11", "491701234567"),
        ("491701234567.0", "491701234567"),
        ("491701234567,00", "491701234567"),
        ('="01701234567"', "01701234567"),
        ("0800 E+12", "0800 E+12"),
        ("", ""),
    ],
)
def test_number_that_a_spreadsheet_spoilt(text: str, number: str) -> None:
    assert unspoilt(text) == number


def test_rounded_number_is_reported_and_kept_as_it_is() -> None:
    card = card_of("Name;Phone\nAnna Alt;4,91701E+11\n")
    assert (card.ways, [(loss.field, str(loss.reason)) for loss in card.losses], card.extra) == (
        [],
        [("phone", "A spreadsheet has rounded this number to “4,91701E+11”.")],
        ["X-NETCRM-COLUMN:Phone;4\\,91701E+11"],
    )


@pytest.mark.parametrize(
    "data",
    [
        "Name;Phone\nAnna Alt;030 1234567 / 68\n",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Alt\nTEL:030 1234567 / 68\nEND:VCARD\n",
        "Name;Phone\nAnna Alt;'030 1234567 / 68\n",
    ],
)
def test_every_reader_parts_numbers(data: str) -> None:
    assert card_of(data).ways == [Way("phone", "030 1234567"), Way("phone", "030 1234568")]


def test_own_card_keeps_a_number_as_it_is() -> None:
    text = "BEGIN:VCARD\nVERSION:4.0\nPRODID:-//netcrm//netcrm//EN\nUID:1\nFN:Anna\nTEL:030 1234567 / 68\nEND:VCARD\n"
    assert card_of(text).ways == [Way("phone", "030 1234567 / 68")]


@pytest.mark.parametrize(
    ("lines", "label"),
    [
        (("TEL;TYPE=home:030 1234567", "TEL;TYPE=work:030 1234567"), "home, work"),
        (
            ("TEL;TYPE=home:030 1234567", "TEL;TYPE=work:(030) 123-4567", "TEL;TYPE=cell:030/1234567"),
            "home, work, mobile",
        ),
        (("TEL;TYPE=home:030 1234567", "TEL;TYPE=home:030 1234567"), "home"),
        (("TEL:030 1234567", "TEL;TYPE=work:030 1234567"), "work"),
        (("TEL;TYPE=work:030 1234567", "TEL:030 1234567"), "work"),
        (("TEL;TYPE=home:030 1234567", "item1.TEL:030 1234567", "item1.X-ABLabel:Boot"), "home, Boot"),
    ],
)
def test_number_under_several_labels_keeps_all(lines: tuple[str, ...], label: str) -> None:
    text = "\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:Anna Alt", *lines, "END:VCARD"))
    assert [way.label for way in card_of(text).ways] == [label]


def test_number_under_several_headings_keeps_all() -> None:
    card = card_of("First Name,Home Phone,Business Phone,Mobile Phone\nAnna,030 1234567,030 1234567,0170 1\n")
    assert card.ways == [Way("phone", "030 1234567", "home, work"), Way("phone", "0170 1", "mobile")]
