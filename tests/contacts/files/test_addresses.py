"""Postal addresses in a single text, in several columns, and on labels."""

from __future__ import annotations

import pytest

from contacts.cards import Card, Way
from contacts.files.addresses import parts_of
from contacts.files.reading import read
from contacts.text import fold_words


def addresses(data: str, **options: object) -> list[tuple[str, ...]]:
    """Return the label, and street, city, region, postcode and country of each address on the only card."""
    (card,) = read(data.encode(), **options)  # type: ignore[arg-type]
    assert isinstance(card, Card)
    return [(way.label, *way.parts[2:]) for way in card.ways if way.kind == "address"]


def on_card(*lines: str) -> list[tuple[str, ...]]:
    return addresses("\n".join(("BEGIN:VCARD", "VERSION:4.0", "FN:Anna", *lines, "END:VCARD")))


WHOLE = {
    "Hauptstr. 1, 10115 Berlin": ("Hauptstr. 1", "Berlin", "", "10115", ""),
    "Hauptstr. 1\n10115 Berlin\nDeutschland": ("Hauptstr. 1", "Berlin", "", "10115", "Deutschland"),
    "Hauptstr. 1, D-10115 Berlin": ("Hauptstr. 1", "Berlin", "", "D-10115", ""),
    "Firma Holz\nHauptstr. 1\n10115 Berlin": ("Firma Holz, Hauptstr. 1", "Berlin", "", "10115", ""),
    "Bahnhofplatz 2, 8001 Zürich, Schweiz": ("Bahnhofplatz 2", "Zürich", "", "8001", "Schweiz"),
    "10115 Berlin": ("", "Berlin", "", "10115", ""),
    "Hauptstr. 1": ("Hauptstr. 1", "", "", "", ""),
    "1 Main St, Springfield, IL 62704, USA": ("1 Main St", "Springfield", "IL", "62704", "USA"),
    "1 Main St, Springfield IL 62704-1234": ("1 Main St", "Springfield", "IL", "62704-1234", ""),
    "1 Main St\nSpringfield, IL 62704 Attn: Bob": ("1 Main St", "Springfield", "IL, Attn: Bob", "62704", ""),
    "1 George St, Sydney NSW 2000, Australia": ("1 George St", "Sydney", "NSW", "2000", "Australia"),
    "1200 Main St, Springfield, IL 62704": ("1200 Main St", "Springfield", "IL", "62704", ""),
    "10 High St, London SW1A 1AA, UK": ("10 High St", "London", "", "SW1A 1AA", "UK"),
    "10 High St, London, SW1A 1AA": ("10 High St", "London", "", "SW1A 1AA", ""),
    "Damrak 1, 1012 AB Amsterdam": ("Damrak 1", "Amsterdam", "", "1012 AB", ""),
    "Hlavní 1, 110 00 Praha": ("Hlavní 1", "Praha", "", "110 00", ""),
    "Hauptstr. 1  Berlin  10115  DE": ("Hauptstr. 1", "Berlin", "", "10115", "DE"),
    "1 Main St  Springfield  IL  62704  US": ("1 Main St", "Springfield", "IL", "62704", "US"),
    "behind the church": ("behind the church", "", "", "", ""),
    "": ("", "", "", "", ""),
}


@pytest.mark.parametrize("text", WHOLE)
def test_address_in_one_text_is_told_apart(text: str) -> None:
    assert parts_of(text)[2:] == WHOLE[text]


@pytest.mark.parametrize("text", [*WHOLE, "NY 10001 (Manhattan), back yard, 2nd floor", "IL 62704, ring twice; USA"])
def test_no_word_of_an_address_is_lost(text: str) -> None:
    assert sorted(fold_words(" ".join(parts_of(text)))) == sorted(fold_words(text))


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ('ADR;LABEL="Hauptstr. 1\\n10115 Berlin":;;;;;;', ("", "Hauptstr. 1", "Berlin", "", "10115", "")),
        ('ADR;TYPE=home;LABEL="Hauptstr. 1^n10115 Berlin":', ("home", "Hauptstr. 1", "Berlin", "", "10115", "")),
        (
            'ADR;LABEL="Hauptstr. 1, 10115 Berlin":;;Hauptstr. 1;Berlin;;10115;',
            ("", "Hauptstr. 1", "Berlin", "", "10115", ""),
        ),
        ("ADR:;;Hauptstr. 1\\,;Berlin\\,;;10115;", ("", "Hauptstr. 1", "Berlin", "", "10115", "")),
        ("ADR:;;Hauptstr. 1,;Berlin;;10115;Deutschland\\,", ("", "Hauptstr. 1", "Berlin", "", "10115", "Deutschland")),
        ("ADR:;;Hauptstr. 1\\;;Berlin;;10115;", ("", "Hauptstr. 1;", "Berlin", "", "10115", "")),
        ("ADR:;;Hauptstr. 1\\\\;Berlin;;10115;", ("", "Hauptstr. 1\\", "Berlin", "", "10115", "")),
        (
            "ADR:;;1 Main St;Springfield;IL 62704 Attn: Bob;;USA",
            ("", "1 Main St", "Springfield", "IL 62704 Attn: Bob", "", "USA"),
        ),
        ("ADR:Hauptstr. 1\\, 10115 Berlin", ("", "Hauptstr. 1", "Berlin", "", "10115", "")),
        ("LABEL;TYPE=work:Hauptstr. 1\\n10115 Berlin", ("work", "Hauptstr. 1", "Berlin", "", "10115", "")),
    ],
)
def test_address_of_a_card(line: str, address: tuple[str, ...]) -> None:
    assert on_card(line) == [address]


def test_label_that_says_more_than_the_address_is_kept() -> None:
    line = 'ADR;LABEL="c/o Bach, Hauptstr. 1, Berlin":;;Hauptstr. 1;Berlin;;;'
    (card,) = read(f"BEGIN:VCARD\nVERSION:4.0\nFN:Anna\n{line}\nEND:VCARD\n".encode())
    assert isinstance(card, Card)
    assert card.extra == ["LABEL:c/o Bach\\, Hauptstr. 1\\, Berlin"]


BERLIN, BONN = ("Hauptstr. 1", "Berlin", "", "10115", ""), ("Weg 2", "Bonn", "", "53111", "")


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        ("Straße;Hausnummer;PLZ;Ort", "Hauptstr.;1;10115;Berlin", [("", *BERLIN)]),
        ("Straße;Hausnr.;PLZ;Ort", "Hauptstr.;1;10115;Berlin", [("", *BERLIN)]),
        ("Street;House number;Postcode;City", "Hauptstr.;1;10115;Berlin", [("", *BERLIN)]),
        (
            "House number;Street;Postcode;City",
            "10;High St;SW1A 1AA;London",
            [("", "10 High St", "London", "", "SW1A 1AA", "")],
        ),
        ("Straße;Nr.;PLZ;Ort", "Hauptstr.;1;10115;Berlin", [("", *BERLIN)]),
        (
            "Straße (geschäftlich);Hausnummer (geschäftlich);PLZ (geschäftlich);Ort (geschäftlich)",
            "Hauptstr.;1;10115;Berlin",
            [("work", *BERLIN)],
        ),
        ("Straße;PLZ;Ort;Straße;PLZ;Ort", "Hauptstr. 1;10115;Berlin;Weg 2;53111;Bonn", [("", *BERLIN), ("", *BONN)]),
        (
            "Straße;PLZ;Ort;Straße 2;PLZ 2;Ort 2",
            "Hauptstr. 1;10115;Berlin;Weg 2;53111;Bonn",
            [("", *BERLIN), ("", *BONN)],
        ),
        (
            "Street 1;City 1;ZIP 1;Street 2;City 2;ZIP 2",
            "Hauptstr. 1;Berlin;10115;Weg 2;Bonn;53111",
            [("", *BERLIN), ("", *BONN)],
        ),
        (
            "Street 1;Street 2;City 1;City 2;ZIP 1;ZIP 2",
            "Hauptstr. 1;Weg 2;Berlin;Bonn;10115;53111",
            [("", *BERLIN), ("", *BONN)],
        ),
        ("Straße;PLZ;Ort;Straße 2;PLZ 2;Ort 2", ";;;Weg 2;53111;Bonn", [("", *BONN)]),
        (
            "Straße;PLZ;Ort;Straße 2;PLZ 2;Ort 2",
            ";;Berlin;Weg 2;53111;Bonn",
            [("", "", "Berlin", "", "", ""), ("", *BONN)],
        ),
        (
            "Home Street;Home City;Home ZIP;Home Street 2;Home City 2;Home ZIP 2",
            "Hauptstr. 1;Berlin;10115;Weg 2;Bonn;53111",
            [("home", *BERLIN), ("home", *BONN)],
        ),
        ("Street;Street 2;City;ZIP", "Hauptstr. 1;Hinterhaus;Berlin;10115", [("", *BERLIN)]),
        (
            "Home Street;Home City;Home ZIP;Work Street;Work City;Work ZIP",
            "Hauptstr. 1;Berlin;10115;Weg 2;Bonn;53111",
            [("home", *BERLIN), ("work", *BONN)],
        ),
        ("Address;Region", "Hauptstr. 1, 10115 Berlin;NRW", [("", "Hauptstr. 1", "Berlin", "NRW", "10115", "")]),
        ("Region", "NRW", [("", "", "", "NRW", "", "")]),
        ("Adresse", "Hauptstr. 1, 10115 Berlin", [("", *BERLIN)]),
    ],
)
def test_addresses_of_a_table(header: str, row: str, found: list[tuple[str, ...]]) -> None:
    assert addresses(f"Name;E-Mail;{header}\nAnna;a@example.org;{row}\n") == found


def test_towns_that_the_member_assigns_twice_are_two_addresses() -> None:
    keys = {0: "display_name", 1: "address.postcode", 2: "address.city", 3: "address.postcode", 4: "address.city"}
    assert addresses("A;B;C;D;E\nAnna;10115;Berlin;53111;Bonn\n", mapping=keys) == [
        ("", "", "Berlin", "", "10115", ""),
        ("", "", "Bonn", "", "53111", ""),
    ]


def test_own_address_stays_as_it_is() -> None:
    text = "BEGIN:VCARD\nVERSION:4.0\nPRODID:-//netcrm//netcrm//EN\nUID:1\nFN:Anna\nADR:;;Weg 1\\,;;;;\nEND:VCARD\n"
    (card,) = read(text.encode())
    assert isinstance(card, Card)
    assert card.ways == [Way("address", "Weg 1,", "", ("", "", "Weg 1,", "", "", "", ""))]
