"""Detecting the kind of a file by its bytes, with advice for files that hold no contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import encoding
from contacts.files.tables.cells import PREAMBLE_RECORDS, common_width, delimiter_of, records, sample_lines
from contacts.files.tables.layouts import FEWEST_KNOWN_HEADERS, header_position, known_headers
from contacts.files.vcard import reading as vcard
from contacts.files.vcard.folding import is_marker

SAMPLE_BYTES = 64 * 1024
MOST_CONTROL_CHARACTERS = 0.1
SAYS_SOMETHING = re.compile(rb"[^\x00\r\n\t \xef\xbb\xbf\xff\xfe]")

FOREIGN_SIGNATURES = (
    (b"%PDF", _("This is a PDF document. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\xd0\xcf\x11\xe0", _("This is an old Excel or Outlook file. Save it as CSV, or export your contacts as CSV.")),
    (b"!BDN", _("This is an Outlook data file (.pst). In Outlook choose Open & Export, then export contacts as CSV.")),
    (b"SQLite format 3", _("This is a database. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\x1f\x8b", _("This file is compressed. Unpack it and upload the file inside.")),
    (b"Rar!", _("This archive cannot be opened here. Unpack it and upload the file inside.")),
    (b"7z\xbc\xaf", _("This archive cannot be opened here. Unpack it and upload the file inside.")),
    (b"\xff\xd8\xff", _("This is a picture. Export your contacts as vCard (.vcf) or CSV instead.")),
    (b"\x89PNG", _("This is a picture. Export your contacts as vCard (.vcf) or CSV instead.")),
)


JSON = re.compile(r"[\[{]\s*(?:[\"\[{\]}]|\Z)")
"""The beginning of an object or a list of objects in JSON; a heading in brackets does not match."""


class Kind(Enum):
    VCARD = "vcard"
    JSON = "json"
    TABLE = "table"
    ARCHIVE = "archive"


def kinds_of(data: bytes) -> tuple[Kind, ...]:
    """Returns the kinds that a file may be of, the likeliest first.

    Structure takes precedence over words: a text in a quoted cell of a table is part of that cell, whatever it looks
    like. Raises UnreadableFileError if the file holds no contacts in any form that netcrm knows.
    """
    if not SAYS_SOMETHING.search(data):
        raise UnreadableFileError(
            _("The file is empty. Export your contacts again, and look whether the file has a size.")
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return (Kind.ARCHIVE,)
    for signature, reason in FOREIGN_SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFileError(reason)
    text = encoding.as_utf8(data[:SAMPLE_BYTES]).decode("utf-8", "replace").lstrip("\ufeff \t\r\n\x00")
    start = text[:200].lower()
    if JSON.match(text):
        return (Kind.JSON,)
    if start.startswith("begin:vcalendar") and "begin:vcard" not in text.lower():
        raise UnreadableFileError(_("This is a calendar. Export your contacts as vCard (.vcf) or CSV instead."))
    lines = text.splitlines()
    if any(is_marker(line) for line in lines[:1]):
        return (Kind.VCARD,)
    rows = _rows_and_outer_lines(lines)
    cards = vcard.cards_in(rows.lines)
    if cards and rows.people and rows.is_known:
        kinds = (Kind.TABLE, Kind.VCARD)
        return kinds if rows.people >= cards else kinds[::-1]
    if cards:
        return (Kind.VCARD,) if rows.people <= cards else (Kind.TABLE, Kind.VCARD)
    if start.startswith(("<?xml", "<!doctype", "<html", "<")):
        raise UnreadableFileError(
            _("This is a web page or XML file. Export your contacts as vCard (.vcf) or CSV instead.")
        )
    if start.startswith(("dn:", "version: 1")) or any(line.lower().startswith("objectclass:") for line in rows.lines):
        raise UnreadableFileError(
            _("This is an LDIF file. In the address book choose vCard or CSV as the export's format.")
        )
    if _is_binary(text):
        raise UnreadableFileError(
            _("This file holds no text that can be read. Export your contacts as vCard (.vcf) or CSV.")
        )
    return (Kind.TABLE,)


@dataclass(frozen=True)
class Rows:
    """The beginning of a file, read as a table.

    ``people`` counts the rows below the header, ``is_known`` says whether the header is known, and ``lines`` are the
    lines at which records begin.
    """

    people: int
    is_known: bool
    lines: list[str]


def _rows_and_outer_lines(lines: list[str]) -> Rows:
    sample, named = sample_lines(iter(lines), len(lines))
    delimiter = named or delimiter_of(sample[:PREAMBLE_RECORDS], known_headers)
    found = list(records(sample, delimiter))
    cells = [record.cells for record in found]
    position = header_position(cells[:PREAMBLE_RECORDS]) if cells else None
    header = cells[position] if position is not None else []
    below = cells if position is None else cells[position + 1 :]
    count, width = common_width(below)
    is_regular = 2 * count > len(below) and (position is None or width == len(header))
    is_known = known_headers(header) >= FEWEST_KNOWN_HEADERS
    return Rows(count if is_regular or is_known else 0, is_known, [record.line for record in found])


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    control = sum(1 for character in sample if character < " " and character not in "\t\r\n\x0b\x0c")
    return control > len(sample) * MOST_CONTROL_CHARACTERS
