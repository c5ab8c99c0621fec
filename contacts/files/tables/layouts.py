"""Recognising the program that wrote a table, and the meaning of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import encoding
from contacts.files.dates import partial_date
from contacts.files.day_order import NUMERIC_DATE
from contacts.files.nothing import is_nothing
from contacts.files.tables.cells import PREAMBLE_RECORDS, delimiter_of, records, sample_lines
from contacts.files.tables.google import OWN_PREFIX
from contacts.files.tables.headers import PLACE_OF_WORD, field_key, normalised
from contacts.people.names import is_title
from contacts.text import clean

GOOGLE_COLUMN = re.compile(
    r"(?:e mail|email|phone|address|website|organization) [0-9]{1,3} (?:value|label|name|formatted)"
)
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
WEB_PAGE = re.compile(r"(?:https?://|www\.)\S{1,1000}", re.IGNORECASE)
PHONE = re.compile(r"[+(]?[0-9][-0-9 ()/.]{5,24}")
SHORT_OR_DOTTED_NUMBER = re.compile(r"[1-9][0-9]{5,7}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
"""Numbers that are more likely to be record numbers or IP addresses than phone numbers."""

NUMBER = frozenset(("nr", "no", "nummer", "number"))
"""Headings that mean the house number directly after a street."""
FEWEST_KNOWN_HEADERS = 2
ROWS_TO_GUESS_FROM = 100


@dataclass(frozen=True)
class Layout:
    """The layout of a table, and the program that wrote it.

    ``format`` is one of ``netcrm``, ``google``, ``linkedin``, ``outlook``, ``outlook.com``, ``thunderbird``,
    ``windows-live-mail``, or ``table`` where no preset fits. ``mapping`` is column number (from 0) -> field key.
    ``header_row`` is the number of records above the header; None if the table has no header.
    """

    format: str
    mapping: Mapping[int, str]
    is_guessed: bool = False
    delimiter: str = ","
    header_row: int | None = None

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Layout:
        """Returns a layout from its attributes as JSON holds them."""
        return cls(**{**values, "mapping": {int(column): key for column, key in values["mapping"].items()}})


def recognise_layout(data: bytes, delimiter: str = "") -> Layout:
    """Returns the layout of a table (UTF-8 bytes); its delimiter is determined, too, unless it is given.

    Raises ``UnreadableFileError`` for text that is not a table.
    """
    sample, named = sample_lines(encoding.lines(data))
    delimiter = delimiter or named or delimiter_of(sample[:PREAMBLE_RECORDS], known_headers)
    first = [record.cells for record in records(sample, delimiter)]
    position = header_position(first[:PREAMBLE_RECORDS])
    if position is None and max(map(len, first), default=0) < 2:
        raise UnreadableFileError(
            _("This is no file of contacts. Export them as vCard (.vcf) or CSV from where they are, and upload that.")
        )
    header, rows = _parted(first, position)
    return replace(layout_of(header, rows[:ROWS_TO_GUESS_FROM]), delimiter=delimiter, header_row=position)


def first_rows(data: bytes, layout: Layout) -> tuple[tuple[str, ...], list[list[str]]]:
    """Returns the header of a table (UTF-8 bytes; empty if it has none) and the first rows below it."""
    sample, _named = sample_lines(encoding.lines(data))
    return _parted([record.cells for record in records(sample, layout.delimiter)], layout.header_row)


def _parted(first: list[list[str]], position: int | None) -> tuple[tuple[str, ...], list[list[str]]]:
    if position is None:
        return (), first
    return tuple(clean(cell).strip() for cell in first[position]), first[position + 1 :]


def known_headers(cells: Sequence[str]) -> int:
    """Returns the number of cells that are known headers; 0 for a row torn apart by a quotation mark."""
    if any('"' in cell for cell in cells):
        return 0
    return sum(1 for cell in cells if cell and field_key(cell))


def header_position(rows: Sequence[Sequence[str]]) -> int | None:
    """Returns the index of the header among a file's first rows, the row with the most known words; or None.

    Rows above the header have fewer filled cells; the first one with as many is the header itself, or a person. If no
    word is known, the first row is the header unless it holds an address, a number or a date.
    """
    known = [0 if holds_data(cells) else known_headers(cells) for cells in rows]
    best = max(known, default=0)
    if best >= FEWEST_KNOWN_HEADERS or (best and known[0] == len(rows[0]) == 1):
        filled = [sum(1 for cell in cells if cell.strip()) for cells in rows]
        position = known.index(best)
        first = next(row for row, count in enumerate(filled) if count >= filled[position])
        return None if holds_data(rows[first]) else first
    return 0 if len(rows) > 1 and len(rows[0]) > 1 and not holds_data(rows[0]) else None


def holds_data(cells: Sequence[str]) -> bool:
    """Returns whether a row holds values rather than column names."""
    return any(pattern.fullmatch(cell.strip()) for cell in cells for pattern in (EMAIL, WEB_PAGE, PHONE, NUMERIC_DATE))


def layout_of(header: Sequence[str], samples: Sequence[Sequence[str]]) -> Layout:
    """Returns the layout that a header implies; ``samples`` are some rows below it."""
    words = {normalised(cell) for cell in header}
    name = format_name(words)
    mapping = guess_mapping(header, () if name else samples)
    _adjust(name, words, header, mapping)
    return Layout(name or "table", mapping, is_guessed=not name)


def format_name(words: set[str]) -> str:
    """Returns the format that has these (normalised) headers, or an empty string."""
    if any(word.startswith(f"{OWN_PREFIX} ") for word in words):
        return "netcrm"
    if words & {"connected on", "verbunden am"} and words & {"first name", "vorname"}:
        return "linkedin"
    if "group membership" in words or any(GOOGLE_COLUMN.fullmatch(word) for word in words):
        return "google"
    if {"first name", "organization name", "labels"} <= words:
        return "google"
    if words & {"primary email", "primäre e mail adresse"}:
        return "thunderbird"
    if words & {"given yomi", "surname yomi"} and "e mail address" in words:
        return "outlook.com"
    if words & {"e mail display name", "e mail angezeigter name", "business street", "strasse geschäftlich"}:
        is_live_mail = "anrede" not in words and not words & {"title", "e mail type"}
        return "windows-live-mail" if is_live_mail else "outlook"
    if {"nickname", "e mail address", "home street"} <= words or {"2 vorname", "e mail adresse"} <= words:
        return "windows-live-mail"
    if {"anrede", "vorname", "e mail adresse"} <= words or {"title", "first name", "e mail address"} <= words:
        return "outlook"
    return ""


def guess_mapping(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """Returns a guess of the field that each column holds: from its header, else from its cells in the sample rows."""
    mapping = {column: key for column, header in enumerate(headers) if (key := field_key(header))}
    for column in range(max((len(row) for row in samples), default=0)):
        cells = [
            cell for row in samples if column < len(row) and (cell := row[column].strip()) and not is_nothing(cell)
        ]
        header = normalised(headers[column]) if column < len(headers) else ""
        if column not in mapping and (key := _key_by_content(cells)):
            place = PLACE_OF_WORD.get(header, "")
            mapping[column] = f"{key}:{place}" if place else key
        elif header in NUMBER and mapping.get(column - 1, "").endswith(".street"):
            mapping[column] = mapping[column - 1].replace(".street", ".house_number")
        elif header == "title" and 2 * sum(1 for cell in cells if is_form_of_address(cell)) > len(cells):
            mapping[column] = "prefix"
    _make_street_of_address(mapping)
    return mapping


def _adjust(name: str, words: set[str], header: Sequence[str], mapping: dict[int, str]) -> None:
    """Corrects the mapping of headers whose meaning depends on the program."""
    for column, cell in enumerate(header):
        word = normalised(cell)
        if word == "title" and name in ("outlook", "outlook.com", "windows-live-mail"):
            mapping[column] = "prefix"
        elif word == "geburtstag" and "geburtsmonat" in words:
            mapping[column] = "birth_day"
        elif word == "url" and name == "linkedin":
            mapping[column] = "link:linkedin"
        elif word == "name" and "given_name" in mapping.values() and "family_name" not in mapping.values():
            mapping[column] = "family_name"


def is_form_of_address(cell: str) -> bool:
    """Returns whether a cell holds nothing but titles."""
    return all(map(is_title, cell.split()))


def _make_street_of_address(mapping: dict[int, str]) -> None:
    """Maps a column ``Address`` to the street if other columns hold the rest of the address."""
    keys = set(mapping.values())
    if "address.street" not in keys and keys & {"address.city", "address.postcode"}:
        mapping |= {column: "address.street" for column, key in mapping.items() if key == "address.whole"}


def _key_by_content(cells: list[str]) -> str:
    for key, matches in (("email", EMAIL.fullmatch), ("link", WEB_PAGE.fullmatch), ("phone", _can_be_phone)):
        if 2 * sum(1 for cell in cells if matches(cell)) > len(cells):
            return key
    return ""


def _can_be_phone(cell: str) -> bool:
    is_other = SHORT_OR_DOTTED_NUMBER.fullmatch(cell) or partial_date(cell)
    return PHONE.fullmatch(cell) is not None and not is_other
