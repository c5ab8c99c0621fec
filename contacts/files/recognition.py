"""Recognising a contact file: once, from its bytes and the member's corrections; stored with the import run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, Literal, TypeAlias

from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files import archive, encoding, limits, monica
from contacts.files.charsets import charset_of
from contacts.files.day_order import DayOrder, order_of
from contacts.files.own.fields import FORMAT
from contacts.files.own.reading import is_own
from contacts.files.sniffing import Kind, kinds_of
from contacts.files.tables.cells import records
from contacts.files.tables.layouts import Layout, recognise_layout

Reader: TypeAlias = Literal["own", "vcard", "monica", "table"]
FORMAT_OF_READER = {"own": FORMAT, "vcard": "vcard", "monica": "monica"}
READERS: dict[Kind, Reader] = {Kind.VCARD: "vcard", Kind.TABLE: "table", Kind.JSON: "monica"}

EVIDENCE_BYTES = 2_000_000
"""Bytes of a table that are parsed for its dates. After these, dates are found by the characters around them."""
MOST_DATES = 200_000
"""Maximum dates that are considered, more than one for each entry that a file may hold."""
DATE_OF_A_CARD = re.compile(
    rb"(?<=[\r\n])(?:[A-Za-z0-9-]{1,20}\.)?(?:BDAY|(?:X-)?ANNIVERSARY|X-ABDATE)(?:;[^:\r\n]{0,200})?:"
    rb"[ \t]*([0-9][0-9/-]{5,9})[ \t]*(?=[\r\n]|\Z)"
)
DATE_IN_A_CELL = re.compile(rb'(?<=[,;|\t"\n])[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}(?=[,;|\t"\r\n]|\Z)')


@dataclass(frozen=True)
class Wishes:
    """The member's corrections to a wrong recognition. Empty values are determined from the file."""

    reader: str = ""
    encoding: str = ""
    delimiter: str = ""
    day_order: str = ""
    """``day`` or ``month``, whichever comes first in dates."""


NO_WISHES = Wishes()


@dataclass(frozen=True)
class Recognition:
    """The way to read a file: by which ``reader``, in which ``encoding`` (Python's name), unpacked first or not.

    ``layout`` describes a table; other files have none. ``readers`` are all readers that can read the file. In a vCard,
    the encoding applies to texts that declare none and are not in UTF-8.
    """

    reader: Reader
    encoding: str = "utf-8"
    is_archive: bool = False
    layout: Layout | None = None
    readers: tuple[Reader, ...] = ()
    day_order: DayOrder = field(default_factory=DayOrder)
    wishes: Wishes = NO_WISHES

    @property
    def format(self) -> str:
        """One of ``vcard``, ``netcrm``, ``monica``, or the format of a table's layout."""
        return self.layout.format if self.layout else FORMAT_OF_READER[self.reader]

    def as_json(self) -> dict[str, Any]:
        """Returns plain values from which ``from_json`` makes an equal recognition."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recognition:
        """Returns the recognition that ``as_json`` converted; JSON may have turned its numeric keys into texts."""
        layout = values["layout"]
        restored = {
            "layout": Layout.from_json(layout) if layout else None,
            "readers": tuple(values["readers"]),
            "day_order": DayOrder(**values["day_order"]),
            "wishes": Wishes(**values["wishes"]),
        }
        return cls(**{**values, **restored})


def recognise(data: bytes, *, region: str = "", wishes: Wishes = NO_WISHES) -> Recognition:
    """Returns how to read a file. Raises ``UnreadableFileError``, which names a remedy, if it holds no contacts.

    File names are ignored: people rename files, and programs use wrong extensions. ``region`` is the member's country,
    which decides about dates that the file leaves ambiguous.
    """
    if is_own(data):
        return Recognition("own")
    limits.check_file_size(len(data))
    kinds = kinds_of(data)
    is_archive = kinds[0] == Kind.ARCHIVE
    if is_archive:
        data = archive.contacts_in(data)
        kinds = kinds_of(data)
        if kinds[0] == Kind.ARCHIVE:
            raise UnreadableFileError(_("The archive holds another archive. Unpack it and upload the file inside."))
    readers = tuple(READERS[kind] for kind in kinds)
    reader = next((reader for reader in readers if reader == wishes.reader), readers[0])
    name = wishes.encoding or charset_of(data)
    found = Recognition(reader, name, is_archive, readers=readers, wishes=wishes)
    if reader == "vcard":
        return _with_day_order(found, _dates_of_cards(data), region)
    data = encoding.as_utf8(data, name)
    if reader == "monica":
        monica.check(data)
        return found
    layout = recognise_layout(data, wishes.delimiter)
    return _with_day_order(replace(found, layout=layout), _cells(data, layout), region)


def _with_day_order(found: Recognition, texts: Iterator[str], region: str) -> Recognition:
    order = order_of(texts, region=region)
    if found.wishes.day_order:
        order = replace(order, month_first=found.wishes.day_order == "month")
    return replace(found, day_order=order)


def _dates_of_cards(data: bytes) -> Iterator[str]:
    return (found[1].decode("ascii") for found in islice(DATE_OF_A_CARD.finditer(data), MOST_DATES))


def _cells(data: bytes, layout: Layout) -> Iterator[str]:
    """Yields the cells of a table that may be dates."""
    for record in records(encoding.lines(data[:EVIDENCE_BYTES]), layout.delimiter):
        for cell in record.cells:
            if cell[:1].isdecimal() and ("/" in cell or "-" in cell):
                yield cell.strip()
    for found in islice(DATE_IN_A_CELL.finditer(data, EVIDENCE_BYTES), MOST_DATES):
        yield found[0].decode("ascii")
