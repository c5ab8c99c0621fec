"""Names that lack some of their parts in a file are split like typed names."""

from __future__ import annotations

import pytest

from contacts.cards import Card
from contacts.files.reading import read

PARTS = ("prefix", "given_name", "family_name", "suffix", "nickname")


def card_of(data: str) -> Card:
    (card,) = read(data.encode())
    assert isinstance(card, Card)
    return card


def parts_of(card: Card) -> tuple[str, ...]:
    return tuple(getattr(card, name) for name in PARTS)


NAMES = {
    "Anna Alt": ("", "Anna", "Alt", "", ""),
    "Alt, Anna": ("", "Anna", "Alt", "", ""),
    "Dr. med. Anna von Stein": ("Dr. med.", "Anna", "von Stein", "", ""),
    "Herr Krause": ("Herr", "", "Krause", "", ""),
    "Anna Müller (Nachbarin)": ("", "Anna", "Müller", "", ""),
    "Amartya Kumar Sen": ("", "Amartya Kumar", "Sen", "", ""),
    'Robert "Bob" Schmidt': ("", "Robert", "Schmidt", "", "Bob"),
    "Karl Krause jun.": ("", "Karl", "Krause", "jun.", ""),
    "Oma": ("", "Oma", "", "", ""),
    "山田 太郎": ("", "太郎", "山田", "", ""),
    "030 1234567": ("", "", "", "", ""),
    "anna@example.org": ("", "", "", "", ""),
}


@pytest.mark.parametrize("shown", NAMES)
def test_name_in_one_column_is_split(shown: str) -> None:
    quoted = shown.replace('"', '""')
    card = card_of(f'Name;E-mail\n"{quoted}";a@example.org\n')
    assert (parts_of(card), card.display_name) == (NAMES[shown], shown)


@pytest.mark.parametrize("shown", NAMES)
@pytest.mark.parametrize("n", ["", "N:;;;;\n", "N:\n"])
def test_shown_name_of_a_card_without_parts_is_split(shown: str, n: str) -> None:
    escaped = shown.replace(",", "\\,")
    card = card_of(f"BEGIN:VCARD\nVERSION:3.0\n{n}FN:{escaped}\nEND:VCARD\n")
    assert (parts_of(card), card.display_name) == (NAMES[shown], shown)


@pytest.mark.parametrize(
    ("n", "shown", "given", "prefix"),
    [
        ("Alt", "Anna Alt", "Anna", ""),
        ("Alt", "Alt Anna", "Anna", ""),
        ("Alt", "Alt\\, Anna", "Anna", ""),
        ("Alt", "Dr. Anna Lena Alt", "Anna Lena", "Dr."),
        ("von Stein", "Anna von Stein", "Anna", ""),
        ("García Márquez", "Gabriel García Márquez", "Gabriel", ""),
        ("Mueller", "Anna Müller", "Anna", ""),
        ("Alt", "Alt", "", ""),
        ("Alt", "Frau Alt", "", ""),
        ("Alt", "Ben Bach", "", ""),
        ("Alt", "Altbau", "", ""),
    ],
)
def test_family_name_alone_gets_the_given_name_that_is_shown(n: str, shown: str, given: str, prefix: str) -> None:
    card = card_of(f"BEGIN:VCARD\nVERSION:3.0\nN:{n};;;;\nFN:{shown}\nEND:VCARD\n")
    assert (card.given_name, card.family_name, card.prefix) == (given, n, prefix)


def test_parts_that_a_file_has_stay() -> None:
    card = card_of("BEGIN:VCARD\nVERSION:3.0\nN:Alt;Anna;;Frau;\nFN:Dr. Änne Neu (Chor)\nEND:VCARD\n")
    assert parts_of(card) == ("Frau", "Anna", "Alt", "", "")


@pytest.mark.parametrize("shown", ["Holzbau Meyer GmbH", "Meyer & Söhne", "Turnverein Jahn e.V."])
def test_shown_name_with_a_legal_form_is_an_organisation(shown: str) -> None:
    card = card_of(f"BEGIN:VCARD\nVERSION:3.0\nFN:{shown}\nEND:VCARD\n")
    assert (card.is_organisation, parts_of(card)) == (True, ("",) * 5)


@pytest.mark.parametrize(
    "data", ["FN:Anna Alt\nPRODID:-//netcrm//netcrm//EN", "PRODID:-//netcrm//netcrm//EN\nFN:Anna Alt"]
)
def test_own_card_without_parts_is_meant_to_have_none(data: str) -> None:
    assert parts_of(card_of(f"BEGIN:VCARD\nVERSION:4.0\n{data}\nEND:VCARD\n")) == ("",) * 5
