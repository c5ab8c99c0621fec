"""Reading a contact file of any format, as its recognition describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, Entry, Loss, Text
from contacts.files import archive, encoding, limits, monica
from contacts.files.inline_images import media_type
from contacts.files.own import reading as own
from contacts.files.own.fields import FORMAT, Fields
from contacts.files.own.records import Record
from contacts.files.recognition import Recognition, recognise
from contacts.files.tables.fields import target
from contacts.files.tables.layouts import Layout, first_rows
from contacts.files.tables.rows import rows_of
from contacts.files.vcard import reading as vcard

SAMPLE_ROWS = 5
"""Rows of a table shown on the mapping page."""


@dataclass(frozen=True)
class Table:
    """The data about a CSV file that the mapping page needs.

    ``mapping`` is column number (from 0) -> field key, for the columns that are read; a key is one of
    ``contacts.files.tables.fields.ASSIGNABLE``. ``is_guessed`` is true if nobody has confirmed the columns: no preset
    knows the header, and the member has not assigned them.
    """

    header: tuple[str, ...]
    mapping: Mapping[int, str]
    samples: tuple[tuple[str, ...], ...]
    is_guessed: bool


@dataclass(frozen=True)
class Reading:
    """A file that is open for reading; ``data`` are its bytes, unpacked and in UTF-8.

    Each iteration parses the file again, lazily, and yields a ``Card``, ``Group`` or ``Skipped`` for each entry (from
    netcrm's own export a ``Record`` as well). It raises ``UnreadableFileError`` where a limit is exceeded. ``notices``
    tell the member which data of the file as a whole is left out; they raise it, too, for JSON that is no export.
    """

    recognition: Recognition
    data: bytes
    entries: Callable[[], Iterator[Entry | Record]]
    table: Table | None = None
    find_notices: Callable[[], tuple[Text, ...]] = tuple

    @property
    def notices(self) -> tuple[Text, ...]:
        return self.find_notices()

    @property
    def format(self) -> str:
        """The format of the file; see ``Recognition.format``."""
        return self.recognition.format

    @property
    def surely_fits(self) -> bool:
        """Whether a quick check proves that the file is within all limits."""
        lines = sum(map(self.data.count, (b"\n", b"\r")))
        if self.recognition.reader == "vcard":
            entries = sum(map(self.data.upper().count, (b"BEGIN:", b"VERSION:"))) // 2
        else:
            entries = lines
        values = lines + sum(map(self.data.count, (b",", b";", b"\t", b"|")))
        return entries < limits.MAX_ENTRIES and values < limits.MAX_VALUES_IN_ALL

    def __iter__(self) -> Iterator[Entry | Record]:
        return self.entries()


def read(
    data: bytes,
    recognition: Recognition | None = None,
    *,
    region: str = "",
    mapping: Mapping[int, str] | Mapping[str, str] | None = None,
    sections: Mapping[str, Fields] | None = None,
) -> Reading:
    """Opens a file for reading, according to ``recognition``; without one, it is first recognised for ``region``.

    ``mapping`` (column number -> field key, as in ``Table.mapping``; numbers may be texts, as in JSON) overrides the
    fields that a table's header implies. ``sections`` are the sections of netcrm's own export that the caller reads in
    addition to contacts, with their fields. Raises ``UnreadableFileError``.
    """
    found = recognition or recognise(data, region=region)
    if found.reader == "own":
        return Reading(found, data, lambda: own.entries(data, sections or {}))
    limits.check_file_size(len(data))
    plain = archive.contacts_in(data) if found.is_archive else data
    month_first = found.day_order.month_first
    if found.reader == "vcard":
        plain = encoding.as_utf8(plain, encoding.encoding_of(plain))
        fallback = encoding.known_charset(found.encoding)
        return Reading(found, plain, lambda: limits.limited(vcard.entries(plain, fallback, month_first=month_first)))
    plain = encoding.as_utf8(plain, found.encoding)
    if found.layout is not None:
        reading = _read_table(plain, found, found.layout, mapping)
        is_own = found.is_archive and found.format == FORMAT
        return replace(reading, entries=lambda: _with_pictures(reading, data)) if is_own else reading
    export = cache(lambda: monica.Export(plain))
    if len(plain) <= limits.SMALL_BYTES:
        export()  # Errors in a small file are reported at once.
    return Reading(found, plain, lambda: limits.limited(export().entries()), find_notices=lambda: export().notices)


def _read_table(
    data: bytes, found: Recognition, layout: Layout, mapping: Mapping[int, str] | Mapping[str, str] | None
) -> Reading:
    header, rows = first_rows(data, layout)
    chosen = _checked_mapping(mapping) if mapping else dict(layout.mapping)
    width = len(header) or max(map(len, rows))
    samples = tuple(tuple(row) for row in rows[:SAMPLE_ROWS])
    table = Table(header, chosen, samples, layout.is_guessed and not mapping)
    titles = header or ("",) * width
    month_first = found.day_order.month_first
    return Reading(
        found, data, lambda: limits.limited(rows_of(data, layout, titles, chosen, month_first=month_first)), table
    )


def _with_pictures(table: Iterable[Entry | Record], data: bytes) -> Iterator[Entry | Record]:
    """Yields the entries of a table with their pictures from its archive."""
    with archive.pictures_in(data) as picture:
        for entry in table:
            if isinstance(entry, Card) and entry.photo_file:
                content = picture(entry.photo_file)
                entry.photo_type = media_type(content)
                entry.photo = content if entry.photo_type else None
                if entry.photo is None:
                    entry.losses.append(Loss("photo", _("The picture is missing from the archive, or damaged.")))
            yield entry


def _checked_mapping(mapping: Mapping[int, str] | Mapping[str, str]) -> dict[int, str]:
    """Returns a caller's mapping with numbers as keys, without fields that do not exist."""
    return {int(column): key for column, key in mapping.items() if target(key) is not None}
