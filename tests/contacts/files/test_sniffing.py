"""Structure decides on the format: the text of a quoted cell or a note says nothing about the file."""

from __future__ import annotations

import pytest

from contacts.cards import Card
from contacts.files.reading import read
from contacts.files.recognition import Wishes, recognise
from contacts.files.tables.writing import write

SIGNATURE = "Best regards\nAnna\nTel: 030 1234567\nEmail: anna@example.org\nOrg: Example"
CARD = "BEGIN:VCARD\nVERSION:3.0\nN:Post;Paul;;;\nFN:Paul Post\nEND:VCARD"
LDIF = "dn: cn=Paul\nobjectClass: person"
NOTES = {
    "signature": SIGNATURE,
    "card": CARD,
    "three cards": "\n".join([CARD] * 3),
    "names of properties": "N: a\nFN: b\nTEL: c",
    "calendar": "BEGIN:VCALENDAR\nUID:1\nEND:VCALENDAR",
    "LDIF": LDIF,
    "page": "<html>\n<body>",
    "object": '{"a": 1}',
    "end of a card": "END:VCARD",
    "table": "Name,E-mail,Phone\nPaul Post,p@example.org,030 1\nRosa Rau,r@example.org,030 2",
}


def names_in(data: bytes) -> list[str]:
    return [entry.display_name for entry in read(data) if isinstance(entry, Card)]


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", [("Name", "Notes", "E-mail"), ("Wer", "Was", "Wo")], ids=["known", "unknown"])
def test_table_stays_a_table_whatever_its_notes_hold(header: tuple[str, ...], delimiter: str, note: str) -> None:
    quoted = note.replace('"', '""')
    rows = [header, ("Anna Alt", f'"{quoted}"', "a@example.org"), ("Ben Bach", "", "b@example.org")]
    data = "".join(delimiter.join(row) + "\r\n" for row in rows).encode()
    reading = read(data, mapping={0: "display_name", 1: "notes", 2: "email"})
    assert [entry.display_name for entry in reading if isinstance(entry, Card)] == ["Anna Alt", "Ben Bach"]


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_own_table_comes_back_whatever_its_notes_hold(note: str) -> None:
    cards = [Card(display_name=name, given_name=name, notes=note) for name in ("Anna", "Ben", "Clara")]
    back = list(read("".join(write(cards)).encode()))
    assert [(card.given_name, card.notes) for card in back if isinstance(card, Card)] == [
        (card.given_name, card.notes) for card in cards
    ]


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_cards_stay_cards_whatever_their_notes_hold(note: str) -> None:
    escaped = note.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\n")
    cards = (f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nNOTE:{escaped}\nEND:VCARD\n" for name in ("Anna", "Ben"))
    assert names_in("".join(cards).encode()) == ["Anna", "Ben"]


@pytest.mark.parametrize(
    "preamble", ["# Exported by an address book, today\n", "Contacts, all of them; 2 entries\n\n", "VERSION:3.0\n"]
)
def test_cards_behind_a_preamble_are_cards(preamble: str) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Alt;Anna;;;\nTEL;TYPE=home:030 1\nFN:Anna Alt\nEND:VCARD\n"
    assert recognise((preamble + card * 2).encode()).reader == "vcard"


def test_card_without_beginning_is_a_card() -> None:
    assert names_in(b"N:Alt;Anna;;;\nFN:Anna Alt\nTEL:030 1\nEMAIL:a@example.org\n") == ["Anna Alt"]


def test_note_with_a_broken_quotation_mark_makes_no_card_of_a_table() -> None:
    data = 'Name,Note,City\nAnna Alt,"He said \\"hi\\"\nTel: 1\nEmail: x",Ulm\nBen Bach,,Ulm\nClara Cohn,,Ulm\n'
    assert {"Anna Alt", "Ben Bach", "Clara Cohn"} <= set(names_in(data.encode()))


def test_table_whose_first_heading_is_in_brackets_is_no_json() -> None:
    assert names_in(b"[Id],Name,E-mail\n1,Anna Alt,a@example.org\n") == ["Anna Alt"]


@pytest.mark.parametrize(
    ("rows", "delimiter"),
    [
        ("Wer;Was\nAnna;eins, zwei, drei, vier\nBen;fünf, sechs\n", ";"),
        ("Wer,Was\nAnna,eins; zwei; drei\nBen,vier\n", ","),
        ("Wer\tWas\nAnna\teins, zwei\nBen\tdrei, vier\n", "\t"),
        ("Wer|Was\nAnna|eins, zwei\nBen|drei; vier\n", "|"),
    ],
)
def test_delimiter_is_what_makes_rows_equally_long(rows: str, delimiter: str) -> None:
    layout = recognise(rows.encode()).layout
    assert layout is not None
    assert layout.delimiter == delimiter


def test_member_chooses_among_the_readers_of_a_file() -> None:
    data = f"Name,Note\nAnna Alt,x\nBen Bach,y\n{CARD}\n".encode()
    found = recognise(data)
    assert (found.reader, found.readers) == ("table", ("table", "vcard"))
    chosen = recognise(data, wishes=Wishes(reader="vcard"))
    assert [entry.display_name for entry in read(data, chosen) if isinstance(entry, Card)] == ["Paul Post"]


def test_member_chooses_encoding_and_delimiter() -> None:
    data = "Name;Ort, Land\nJürgen;Köln, D\n".encode("cp1252")
    chosen = recognise(data, wishes=Wishes(encoding="mac-roman", delimiter=","))
    assert (chosen.encoding, chosen.layout and chosen.layout.delimiter) == ("mac-roman", ",")


def test_reader_that_cannot_read_the_file_is_not_chosen() -> None:
    assert recognise(b"BEGIN:VCARD\nFN:Anna\nEND:VCARD\n", wishes=Wishes(reader="monica")).reader == "vcard"
