"""Reading a row of a table as a card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import ADDRESS_PARTS, DAY_FIELDS, TEXT_FIELDS, TOPIC_LISTS, Card, Skipped
from contacts.files import encoding, limits
from contacts.files.card_builder import Draft
from contacts.files.dates import MONTHS, full_date, is_unset, partial_date
from contacts.files.messenger_schemes import messenger_scheme
from contacts.files.nothing import is_nothing
from contacts.files.phone_numbers import AS_FORMULA
from contacts.files.tables import google
from contacts.files.tables.address_columns import targets_of
from contacts.files.tables.cells import MOST_COLUMNS, Row, records, without_separator_line
from contacts.files.tables.fields import DATE_FIELDS, IGNORED, Target
from contacts.files.tables.layouts import EMAIL, PHONE, Layout
from contacts.text import one_line

MARKS = re.compile(r"[;,|\n]")
SPLITS = ";,|\n:"
"""Characters at which the value of a cell may be split into several."""
EMPTY_CELLS = 8
"""Number of empty cells that count as one value, because they take as long to read."""
MOST_PARTS = 10
"""Cells that together make one part of an address, such as the lines of a street."""

PATTERNS = {"email": EMAIL, "phone": PHONE}
TELLING_PARTS = ("street", "extended", "city", "postcode", "post_box")
"""The parts of an address next to which a column with the whole address adds nothing."""

FORMULA = re.compile(
    "['\\s\0\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*[-=+@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|'*[\t\r\n\0]"
)
"""The beginning of a cell that a spreadsheet may take for a formula.

It is an operator, which some programs also read in its wide and small forms, after any blanks and invisible characters;
or a tab or line end, which some programs strip.
"""
GROUPED_NUMBER = re.compile(r"\+[0-9]+(?: [0-9]+)+")


@dataclass(frozen=True)
class Column:
    """A column to be read: its position, its header, and the field that it is assigned to."""

    index: int
    header: str
    target: Target


@dataclass
class Slot:
    """The cells of a row that together make one way to reach (or several, if a cell holds several)."""

    label: str = ""
    values: list[str] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    number_first: bool = False


class RowReader:
    """Reads the rows of one table, given its header and mapping."""

    def __init__(self, header: Sequence[str], mapping: dict[int, str], layout: Layout, *, month_first: bool) -> None:
        self.header = header
        self.month_first = month_first
        self.budget = limits.Budget()
        self.needs_name = layout.format == "linkedin"
        self.is_own = layout.format == "netcrm"
        self.splits_cells = layout.format not in ("google", "netcrm")
        self.separators = (google.SEPARATOR, ";", ",") if self.splits_cells else (google.SEPARATOR,)
        self.columns = [
            Column(index, header[index] if index < len(header) else "", found)
            for index, found in targets_of(mapping, header).items()
        ]
        self.unassigned = [index for index in range(len(header)) if index not in mapping]

    def read(self, row: int, record: Row) -> Card | Skipped:
        """Returns the card in one row; ``row`` is its number below the header, from 1.

        Raises ``UnreadableFileError`` once the rows hold too much.
        """
        cells = record.cells
        self.budget.spend(1 + len(cells) - cells.count("") + max(len(cells), len(self.header)) // EMPTY_CELLS)
        if not any(cell.strip() for cell in cells):
            return Skipped(row, _("This row is empty."))
        draft = Draft(row, is_own=self.is_own)
        if record.is_broken:
            draft.lose("", _("A quotation mark in this row is never closed; its cells may be mixed up."))
        if record.is_cut:
            reason = _("This row has more than {limit} cells; the others were left out.")
            draft.lose("", format_lazy(reason, limit=MOST_COLUMNS))
        RowDraft(draft, self).take(cells)
        self._keep_unassigned(draft, cells)
        card = draft.finish()
        text = one_line(", ".join(cell.strip() for cell in cells if cell.strip()))[:100]
        if isinstance(card, Skipped):
            return Skipped(row, card.reason, text)
        if self.needs_name and card.is_organisation and not card.ways:
            return Skipped(row, _("This row names nobody: the person has hidden or closed their profile."), text)
        return card

    def _keep_unassigned(self, draft: Draft, cells: Sequence[str]) -> None:
        """Keeps the cells of unassigned columns, and those beyond the header."""
        for index in [*self.unassigned, *range(len(self.header), len(cells))]:
            value = unguarded(cells[index]).strip() if index < len(cells) else ""
            if value and not (is_nothing(value) and not self.is_own) and not is_unset(value):
                name = self.header[index] if index < len(self.header) else ""
                draft.keep_column(name or str(index + 1), value)


def rows_of(
    data: bytes, layout: Layout, header: Sequence[str], mapping: dict[int, str], *, month_first: bool
) -> Iterator[Card | Skipped]:
    """Yields the rows of a table (UTF-8 bytes) below its header, which has a title, perhaps empty, for each column."""
    reader = RowReader(header, mapping, layout, month_first=month_first)
    found = records(without_separator_line(encoding.lines(data)), layout.delimiter, len(header))
    below = -1 if layout.header_row is None else layout.header_row
    for index, record in enumerate(found):
        if index > below:
            yield reader.read(index - below, record)


class RowDraft:
    """Reads one row: collects cells that belong together before adding them to the draft."""

    def __init__(self, draft: Draft, reader: RowReader) -> None:
        self.draft = draft
        self.reader = reader
        self.slots: dict[tuple[str, str], Slot] = {}
        self.birthday: dict[str, str] = {}

    def take(self, cells: Sequence[str]) -> None:
        """Adds all cells to the draft."""
        for column in self.reader.columns:
            value = unguarded(cells[column.index]).strip() if column.index < len(cells) else ""
            if value and not (is_nothing(value) and not self.reader.is_own):
                self._take_cell(column, value)
        for (name, slot_name), slot in self.slots.items():
            label = slot.label or slot_name.rstrip("0123456789 ")
            if name == "event":
                self._add_days(slot, label)
            else:
                WAY_ADDERS[name](self.draft, slot, label)
        self._put_birthday()

    def _take_cell(self, column: Column, value: str) -> None:
        name = column.target.field
        card = self.draft.card
        if name == "prefix" and card.prefix:  # "Herr" and "Dr." have columns of their own
            value, card.prefix = f"{card.prefix} {value}", ""
        if name in TEXT_FIELDS:
            if not self.draft.set_text(name, value):
                self.draft.keep_column(column.header, value)
        elif name == "circles":
            self._count_pieces(value)
            for piece in split_cell(value, self.reader.separators):
                # Mailchimp has quotation marks within the cell.
                self.draft.add_circle(piece.strip('"') if self.reader.splits_cells else piece)
        elif name in TOPIC_LISTS:
            self._count_pieces(value)
            for piece in split_cell(value, self.reader.separators):
                self.draft.add_to(name, piece)
        elif name in DATE_FIELDS:
            self._take_date(column, value)
        elif name in OTHER_TAKERS:
            if name == "extra":
                self._count_pieces(value)
            OTHER_TAKERS[name](self.draft, value)
        elif name != IGNORED:
            self._take_way(column, value)

    def _count_pieces(self, value: str) -> None:
        self.reader.budget.spend(sum(map(value.count, SPLITS)))

    def _take_way(self, column: Column, value: str) -> None:
        found = column.target
        slot = self.slots.setdefault((found.field, found.slot), Slot())
        self._count_pieces(value)
        if found.part == "label":
            slot.label = value
        elif found.part:
            slot.number_first |= found.part == "house_number" and "street" not in slot.parts
            parts = slot.parts.setdefault(found.part, [])
            if len(parts) < MOST_PARTS:
                parts.append(value)
            else:
                self.draft.keep_column(column.header, value)
        elif found.field in PATTERNS and self.reader.splits_cells:
            slot.values += several(value, PATTERNS[found.field])
        else:
            slot.values.append(value)

    def _take_date(self, column: Column, value: str) -> None:
        name = column.target.field
        if is_unset(value):
            return
        if name in DAY_FIELDS:
            day = full_date(value, month_first=self.reader.month_first)
            if day is None:
                self._lose_date(column, value)
            self.draft.set_day(name, day)
        elif name == "birthday":
            date = partial_date(value, month_first=self.reader.month_first)
            if date is None or not self.draft.set_birthday(date):
                self._lose_date(column, value)
        else:
            self.birthday[name] = value

    def _add_days(self, slot: Slot, label: str) -> None:
        """Keeps days with a label, such as an anniversary; a text that is not a day is kept unchanged."""
        for text in values_of(slot):
            if not is_unset(text) and not self.draft.keep_date(label, text, month_first=self.reader.month_first):
                self.draft.keep_column(label or "Date", text)

    def _lose_date(self, column: Column, value: str) -> None:
        self.draft.lose(column.header, format_lazy(_("“{value}” is not a day of the calendar."), value=value[:40]))
        self.draft.keep_column(column.header, value)

    def _put_birthday(self) -> None:
        """Sets a birthday that is spread over three columns."""
        if not self.birthday:
            return
        day, month, year = (self.birthday.get(name, "") for name in ("birth_day", "birth_month", "birth_year"))
        month = str(MONTHS.get(month.lower(), month))
        date = partial_date(f"{year:0>4}-{month:0>2}-{day:0>2}") or partial_date(day)
        if date is None or not self.draft.set_birthday(date):
            text = "-".join(part for part in (year, month, day) if part)
            self.draft.lose(str(_("Birthday")), format_lazy(_("“{value}” is not a day of the calendar."), value=text))
            self.draft.keep_column("Birthday", text)


def split_cell(value: str, separators: Sequence[str]) -> list[str]:
    """Returns the values in one cell, split at the first of the separators that occurs in it."""
    separator = next((mark for mark in separators if mark in value), None)
    return [piece.strip() for piece in value.split(separator)] if separator else [value]


def several(value: str, pattern: re.Pattern[str]) -> list[str]:
    """Returns the values in a cell, split at any usual mark, if all of them match the pattern; else the whole cell."""
    pieces = [piece.strip() for piece in MARKS.split(value) if piece.strip()]
    return pieces if pieces and all(map(pattern.fullmatch, pieces)) else [value]


def guarded(cell: str) -> str:
    """Returns a cell prefixed with an apostrophe if a spreadsheet could take it for a formula.

    A phone number in groups of digits stays as it is: LibreOffice keeps it as text, and other programs would take the
    apostrophe for part of it. Without blanks, it would become a number and lose its plus sign.
    """
    return f"'{cell}" if FORMULA.match(cell) and not GROUPED_NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Returns a cell without the apostrophe that ``guarded``, or a similar program, has prefixed.

    An apostrophe before a digit, and a formula that is only a text (``="030"``), are also removed: they are there for
    spreadsheets.
    """
    if found := AS_FORMULA.fullmatch(cell):
        return found[1]
    return cell[1:] if cell[:1] == "'" and (FORMULA.match(cell) or cell[1:2].isdecimal()) else cell


def add_emails(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the e-mail addresses in a slot."""
    for text in values_of(slot):
        if text.lower().startswith("/o="):
            draft.lose("email", _("This address works only inside its company's mail server."))
            draft.keep_column("E-mail", text)
        else:
            draft.add_email(text, label, preferred=slot.label.startswith("* "))


def add_phones(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the phone numbers in a slot."""
    for text in values_of(slot):
        draft.add_phone(text, label, preferred=slot.label.startswith("* "))


def add_links(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the web pages in a slot; any other text is a loss."""
    for text in values_of(slot):
        if draft.add_link(text, label) is None:
            draft.lose("link", _("This is not the address of a web page."))
            draft.keep_column("URL", text)


def add_messengers(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the user names in a slot, at the messenger named by its label."""
    scheme = messenger_scheme(label)
    for text in values_of(slot):
        draft.add_link(text if ":" in text else f"{scheme}:{text}", label)


def add_related(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the related people in a slot."""
    uid = "".join(slot.parts.get("uid", ()))
    for text in values_of(slot) or [""]:
        draft.add_related(label, text, uid)


def add_addresses(draft: Draft, slot: Slot, label: str) -> None:
    """Adds the address in a slot's parts, or several if Google has put several into each cell."""
    if numbers := slot.parts.pop("house_number", None):
        streets = slot.parts.get("street", [])
        slot.parts["street"] = [" ".join([*numbers, *streets] if slot.number_first else [*streets, *numbers])]
    if not any(slot.parts.get(name) for name in TELLING_PARTS):
        for whole in slot.parts.get("whole", slot.values):
            # In addition to the whole address, some programs write its region into a separate column.
            region, country = (", ".join(slot.parts.pop(name, ())) for name in ("region", "country"))
            draft.add_whole_address(whole, label, region=region, country=country)
    columns = [[part.split(google.SEPARATOR) for part in slot.parts.get(name, ())] for name in ADDRESS_PARTS]
    count = max((len(pieces) for column in columns for pieces in column), default=0)
    for number in range(count):
        parts = (", ".join(pieces[number].strip() for pieces in column if number < len(pieces)) for column in columns)
        draft.add_address(tuple(parts), label, preferred=slot.label.startswith("* "))


def values_of(slot: Slot) -> list[str]:
    """Returns the separate values in a slot."""
    return [piece.strip() for value in slot.values for piece in value.split(google.SEPARATOR) if piece.strip()]


def set_uid(draft: Draft, value: str) -> None:
    """Sets the identifier of the card."""
    draft.card.uid = value[:255]


def set_died(draft: Draft, value: str) -> None:
    """Records that the person has died."""
    draft.card.has_died = True


def set_would_call(draft: Draft, value: str) -> None:
    """Records that the member would simply call the person."""
    draft.card.would_call = True


def set_photo_file(draft: Draft, value: str) -> None:
    """Sets the path of the person's picture in the archive."""
    draft.card.photo_file = value[:255]


def set_organisation(draft: Draft, value: str) -> None:
    """Records whether the card is that of an organisation."""
    draft.is_organisation = value == "yes"


def keep_lines(draft: Draft, value: str) -> None:
    """Keeps the properties in one cell, one per line."""
    for line in value.split("\n"):
        draft.keep(line)


WAY_ADDERS: dict[str, Callable[[Draft, Slot, str], None]] = {
    "email": add_emails,
    "phone": add_phones,
    "link": add_links,
    "messenger": add_messengers,
    "related": add_related,
    "address": add_addresses,
}
OTHER_TAKERS: dict[str, Callable[[Draft, str], None]] = {
    "notes": Draft.add_notes,
    "how_met": Draft.set_how_met,
    "uid": set_uid,
    "has_died": set_died,
    "would_call": set_would_call,
    "photo_file": set_photo_file,
    "is_organisation": set_organisation,
    "extra": keep_lines,
}
