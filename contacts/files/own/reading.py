"""Reading netcrm's own export (JSON; docs/export.md describes it), record by record, so that memory stays bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import (
    ADDRESS_PARTS,
    CARD_TEXTS,
    DAY_FIELDS,
    Card,
    Loss,
    PartialDate,
    Skipped,
    UnreadableFileError,
    Way,
    WayKind,
)
from contacts.files.own.fields import CONTACT, MAX_BYTES, VERSION, Fields, RecordValues, uuid_of, values_in
from contacts.files.own.json_members import DamagedJsonError, members
from contacts.files.own.records import Record

MAX_RECORDS = 400_000
HISTORY = ("created_at", "archived_at", "deleted_at")
"""Attributes for the times at which a contact was created, archived or put into the trash."""

BEGINNING = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"format"\s*:\s*"netcrm"')


@dataclass(slots=True)
class OwnCard(Card):
    """A contact as netcrm wrote it; `history` holds model fields that no other program has."""

    own_city: str = ""
    history: dict[str, Any] = field(default_factory=dict)

    @property
    def city(self) -> str:
        """The contact's city, which need not be that of any address."""
        return self.own_city


def is_own(data: bytes) -> bool:
    """Returns whether a file is netcrm's own export."""
    return BEGINNING.match(data[:1000]) is not None


def entries(data: bytes, sections: Mapping[str, Fields]) -> Iterator[OwnCard | Skipped | Record]:
    """Yields the people of an export, and the records of the given other sections, in the file's order.

    Raises UnreadableFileError where the export is damaged, too large, or of a later version.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(format_lazy(_("The export is larger than {limit} MB."), limit=MAX_BYTES // 1_000_000))
    try:
        yield from _entries(data, sections)
    except DamagedJsonError as damage:
        raise UnreadableFileError(
            format_lazy(_("The export is damaged from character {position} on."), position=damage.position)
        ) from None


def _entries(data: bytes, sections: Mapping[str, Fields]) -> Iterator[OwnCard | Skipped | Record]:
    rows = dict.fromkeys(("contacts", *sections), 0)
    for number, (section, value) in enumerate(members(data), start=1):
        if section == "version" and value != VERSION:
            raise UnreadableFileError(_("A newer netcrm wrote this export. Update this one, then import it again."))
        if number > MAX_RECORDS:
            text = _("The export holds more than {limit} records. Export your contacts as vCard, and import those.")
            raise UnreadableFileError(format_lazy(text, limit=MAX_RECORDS))
        if section in rows:
            rows[section] += 1
            if not isinstance(value, dict):
                yield Skipped(rows[section], _("This entry is damaged."))
            elif section == "contacts":
                yield card_of(rows[section], value)
            else:
                yield Record(rows[section], section, values_in(sections[section], value))


def card_of(row: int, record: Mapping[str, Any]) -> OwnCard | Skipped:
    """Returns the contact in a record; a value of the wrong type is lost."""
    if not record.get("shown_name"):
        return _nameless(row)
    values = values_in(CONTACT, record)
    card = OwnCard(row=row, uid=values["uuid"], own_city=values["city"], is_own=True)
    for name in (*CARD_TEXTS, *DAY_FIELDS, "is_organisation", "has_died", "would_call", "circles"):
        setattr(card, name, values[name])
    card.birthday = _birthday(card, values["birthday"])
    card.extra = values["extra_properties"]
    card.ways = [way for way in map(_way, values["ways"]) if way is not None]
    card.history = {name: instant for name in HISTORY if (instant := values[name])}
    if identifier := uuid_of(card.uid):
        card.history["uuid"] = identifier
    return card if card.display_name else _nameless(row)


def _nameless(row: int) -> Skipped:
    return Skipped(row, _("This entry holds neither a name nor a way to reach anybody."))


def _birthday(card: Card, text: str) -> PartialDate | None:
    if not text:
        return None
    try:
        year, month, day = text.rsplit("-", 2)
        return PartialDate(int(month), int(day), int(year) if year.strip("-") else None)
    except ValueError:
        card.losses.append(Loss("birthday", _("There is no such day.")))
        return None


def _way(values: RecordValues) -> Way | None:
    if values["kind"] not in get_args(WayKind) or not values["value"]:
        return None
    parts = tuple(values["parts"])
    return Way(values["kind"], values["value"], values["label"], parts if len(parts) == len(ADDRESS_PARTS) else ())
