"""Records of delimited text, however carelessly quoted, and the meaning of columns."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.files.phone_numbers import numbers_in
from contacts.files.tables.cells import records
from contacts.files.tables.fields import ASSIGNABLE, target
from contacts.files.tables.headers import field_key
from contacts.files.tables.layouts import PHONE, guess_mapping, header_position
from contacts.files.tables.rows import several

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",;\n'), max_size=20)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_records_reads_what_is_well_formed(delimiter: str, rows: list[list[str]]) -> None:
    output = io.StringIO()
    csv.writer(output, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert [record.cells for record in records(output.getvalue().split("\n"), delimiter, 3)] == rows


def test_records_takes_an_open_quotation_mark_for_one_row() -> None:
    found = list(records(['a,"b,c', "d,e,f", "g,h,i"], ",", 3))
    assert [record.cells for record in found] == [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]
    assert [record.is_broken for record in found] == [True, False, False]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("E-mail 2 Address", "email"),
        ("E-Mail 2: Adresse", "email"),
        ("E-mail 1 - Value", "email:1"),
        ("E-mail 1 - Label", "email:1.label"),
        ("Telefon (privat)", "phone:home"),
        ("Telefon geschäftlich 2", "phone:work"),
        ("Fax geschäftlich", "phone:work fax"),
        ("Mobil-Tel.-Nr.", "phone:mobile"),
        ("Straße geschäftlich 2", "address:work.extended"),
        ("Privat: PLZ", "address:home.postcode"),
        ("Business Country/Region", "address:work.country"),
        ("Address 2 - Postal Code", "address:2.postcode"),
        ("Organization 1 - Title", "role"),
        ("Verbunden am", "connected_on"),
        ("firstname", "given_name"),
        ("emailAddress", "email"),
        ("homePhone", "phone:home"),
        ("mobile_phone", "phone:mobile"),
        ("Mailing City", "address.city"),
        ("Primary Address Postal Code", "address.postcode"),
        ("street2", "address.extended"),
        ("IM Skype", "messenger:skype"),
        ("Messenger ID", ""),
        ("Google Talk ID", "messenger:google talk"),
        ("Website Blog", "link:blog"),
        ("IP Address", ""),
        ("tel_cell", "phone:mobile"),
        ("tel_fax_home", "phone:home fax"),
        ("adr_two_postalcode", "address:2.postcode"),
        ("org_name", "organisation"),
        ("Section 1 - Mobile", "phone:mobile"),
        ("Name, Vorname", "display_name"),
        ("Lieblingsfarbe", ""),
    ],
)
def test_field_key_understands_header(header: str, key: str) -> None:
    assert field_key(header) == key


def test_guess_mapping_looks_at_contents_where_headers_say_nothing() -> None:
    samples = [["Ada", "ada@example.org", "+49 30 23125000", "https://ada.example"]]
    assert guess_mapping(["A", "B", "C", "D"], samples) == {1: "email", 2: "phone", 3: "link"}


@pytest.mark.parametrize(
    ("header", "cells", "key"),
    [
        ("Home", ["+49 30 23125000", "NULL"], "phone:home"),
        ("Arbeit", ["030/23125000"], "phone:work"),
        ("Seit", ["2024-01-05"], None),
        ("Nr", ["1000234"], None),
        ("Rechner", ["192.0.2.17"], None),
        ("Title", ["Dr.", "Prof. Dr.", "Mrs"], "prefix"),
        ("Title", ["Carpenter", "Dr."], "role"),
    ],
)
def test_guess_mapping_tells_numbers_and_forms_of_address(header: str, cells: list[str], key: str | None) -> None:
    assert guess_mapping([header], [[cell] for cell in cells]).get(0) == key


@pytest.mark.parametrize(
    ("rows", "position"),
    [
        ([["Notes:"], ["Some text"], ["First Name", "Last Name", "Company"]], 2),
        ([["Ada", "ada@example.org"], ["Ben", "ben@example.org"]], None),
        ([["Wer", "Wo"], ["Ada", "Berlin"]], 0),
        ([["Wer", "Wo", "Wie"], ["Ada", "Email", "Mobil"]], 0),
        ([["Ada", "ada@example.org", "x"], ["Ben", "Email", "Mobil"]], None),
        ([["Export", "", ""], ["Vorname", "Nachname", "Ort"]], 1),
    ],
)
def test_header_position_finds_the_header(rows: list[list[str]], position: int | None) -> None:
    assert header_position(rows) == position


def test_assignable_keys_all_name_fields() -> None:
    assert [key for key in ASSIGNABLE if target(key) is None] == []


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+49 (0)221 / 123 45-67", ["+49 (0)221 / 123 45-67"]),
        ("0221 1234567 / 0170 1234567", ["0221 1234567", "0170 1234567"]),
        ("0221 / 1234567, 0170 1234567", ["0221 / 1234567", "0170 1234567"]),
    ],
)
def test_slash_parts_only_what_is_too_long_for_one_number(cell: str, numbers: list[str]) -> None:
    assert [number for piece in several(cell, PHONE) for number in numbers_in(piece)] == numbers
