"""Reading a file of contacts, whatever its format.

``read(data, filename, mapping)`` looks at the bytes (never at the name's ending), picks the reader and answers a
``Reading``. Iterating over it parses lazily and yields ``Card``, ``Group`` and ``Skipped``; each iteration parses anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contacts.cards import Entry, Text, UnreadableFileError
from contacts.files import archive, encoding, limits, monica
from contacts.files.sniffing import Kind, kind_of
from contacts.files.tables import cells as tables
from contacts.files.tables.fields import target
from contacts.files.tables.layouts import header_position, known_headers, layout_of
from contacts.files.tables.rows import RowReader
from contacts.files.vcard import reading as vcard
from contacts.text import clean

SAMPLE_ROWS = 5
ROWS_TO_GUESS_FROM = 100


@dataclass(frozen=True)
class Table:
    """What a mapping page needs to know of a CSV file.

    ``mapping`` is column number (from 0) -> field key, for the columns that are taken; a key is one of
    ``contacts.files.tables.fields.ASSIGNABLE``. ``is_guessed`` is true for a header that no preset knows.
    """

    header: tuple[str, ...]
    mapping: Mapping[int, str]
    samples: tuple[tuple[str, ...], ...]
    is_guessed: bool


@dataclass(frozen=True)
class Reading:
    """A file that has been recognised.

    ``format`` is one of ``vcard``, ``netcrm``, ``google``, ``linkedin``, ``outlook``, ``outlook.com``, ``thunderbird``,
    ``windows-live-mail``, ``monica``, ``table``. ``notices`` tell what the file as a whole holds that is left out.
    Iterating raises ``UnreadableFileError`` where a limit is passed.
    """

    format: str
    entries: Callable[[], Iterator[Entry]]
    table: Table | None = None
    notices: tuple[Text, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return self.entries()


def read(data: bytes, filename: str = "", mapping: Mapping[int, str] | Mapping[str, str] | None = None) -> Reading:
    """Recognise a file and answer its ``Reading``.

    ``mapping`` (column number -> field key, as ``Table.mapping``; numbers may be texts, as in JSON) overrides what the
    header of a table says. ``filename`` only helps to word the reason why something is no file of contacts. Raises
    ``UnreadableFileError``.
    """
    limits.check_file_size(len(data))
    kind = kind_of(data, filename)
    if kind == Kind.ARCHIVE:
        data, filename = archive.contacts_in(data)
        kind = kind_of(data, filename)
        if kind == Kind.ARCHIVE:
            raise UnreadableFileError(_("The archive holds another archive. Unpack it and upload the file inside."))
    data = encoding.as_utf8(data)
    if kind == Kind.VCARD:
        return Reading("vcard", lambda: limits.limited(vcard.entries(data)))
    if kind == Kind.JSON:
        export = monica.Export(data)
        return Reading("monica", lambda: limits.limited(export.entries()), notices=export.notices)
    return read_table(data, mapping)


def read_table(data: bytes, mapping: Mapping[int, str] | Mapping[str, str] | None = None) -> Reading:
    """Recognise a table (UTF-8 bytes)."""
    sample, named = tables.sample_lines(encoding.lines(data))
    delimiter = named or tables.delimiter_of(sample[: tables.PREAMBLE_RECORDS], known_headers)
    first = [record.cells for record in tables.records(sample, delimiter)]
    position = header_position(first[: tables.PREAMBLE_RECORDS])
    if position is None and max((len(cells) for cells in first), default=0) < 2 and not mapping:
        raise UnreadableFileError(
            _("This is no file of contacts. Export them as vCard (.vcf) or CSV from where they are, and upload that.")
        )
    header = tuple(clean(cell).strip() for cell in first[position]) if position is not None else ()
    rows = first[position + 1 :] if position is not None else first
    layout = layout_of(header, rows[:ROWS_TO_GUESS_FROM])
    chosen = checked_mapping(mapping) if mapping else dict(layout.mapping)
    width = len(header) or max(len(row) for row in first)

    def entries() -> Iterator[Entry]:
        reader = RowReader(header or [""] * width, chosen, layout)
        lines = encoding.lines(data)
        found = tables.records(tables.without_separator_line(lines), delimiter, width)
        below = -1 if position is None else position
        for index, record in enumerate(found):
            if index > below:
                yield reader.read(index - below, record.cells, is_broken=record.is_broken)

    table = Table(header, chosen, tuple(tuple(row) for row in rows[:SAMPLE_ROWS]), layout.is_guessed and not mapping)
    return Reading(layout.format, lambda: limits.limited(entries()), table)


def checked_mapping(mapping: Mapping[int, str] | Mapping[str, str]) -> dict[int, str]:
    """A mapping from outside with numbers as keys, without fields that do not exist."""
    return {int(column): key for column, key in mapping.items() if target(key) is not None}
