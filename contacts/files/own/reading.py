"""Reading netcrm's own export (JSON; docs/export.md describes it), record by record, so that memory stays bounded."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, Loss, PartialDate, Skipped, UnreadableFileError, Way
from contacts.files import limits
from contacts.files.own.fields import DAYS, INSTANTS, MAX_BYTES, TEXTS, VERSION
from contacts.files.own.json_members import DamagedJsonError, members
from contacts.files.own.records import Record

MAX_RECORDS = 1_000_000

BEGINNING = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"format"\s*:\s*"netcrm"')


@dataclass(slots=True)
class OwnCard(Card):
    """A contact as netcrm wrote it: `history` are fields of the model that no other program knows."""

    own_city: str = ""
    history: dict[str, Any] = field(default_factory=dict)

    @property
    def city(self) -> str:
        """The contact's city, which may be another than that of any address."""
        return self.own_city


def is_own(data: bytes) -> bool:
    """Whether a file is netcrm's own export."""
    return BEGINNING.match(data[:1000]) is not None


def entries(data: bytes, sections: Collection[str]) -> Iterator[OwnCard | Skipped | Record]:
    """Yields the people of an export, and the records of the other `sections` that somebody takes in, in its order.

    Raises UnreadableFileError where the export is damaged.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(format_lazy(_("The export is larger than {limit} MB."), limit=MAX_BYTES // 1_000_000))
    try:
        yield from _entries(data, sections)
    except DamagedJsonError as damage:
        raise UnreadableFileError(
            format_lazy(_("The export is damaged from character {position} on."), position=damage.position)
        ) from None


def _entries(data: bytes, sections: Collection[str]) -> Iterator[OwnCard | Skipped | Record]:
    known = {"contacts", *sections}
    rows = dict.fromkeys(known, 0)
    for number, (section, value) in enumerate(members(data), start=1):
        if section == "version" and value != VERSION:
            raise UnreadableFileError(_("A newer netcrm wrote this export. Update this one, then import it again."))
        if number > MAX_RECORDS:
            raise UnreadableFileError(_("The export holds too many records."))
        if section in known:
            rows[section] += 1
            if not isinstance(value, dict):
                yield Skipped(rows[section], _("This entry is damaged."))
            elif section == "contacts":
                yield card_of(rows[section], value)
            else:
                yield Record(rows[section], section, value)


def card_of(row: int, values: dict[str, Any]) -> OwnCard | Skipped:
    """The contact in a record; what has the wrong type is lost."""
    card = OwnCard(row=row, uid=_text(values, "id"), own_city=_text(values, "city"))
    for key, name in TEXTS.items():
        setattr(card, name, _text(values, key))
    card.is_organisation = values.get("is_organisation") is True
    card.has_died = values.get("has_died") is True
    for name in DAYS:
        setattr(card, name, day_of(values, name))
    card.birthday = _birthday(card, values.get("birthday"))
    card.circles = [name for name in _list(values, "circles") if isinstance(name, str)]
    card.extra = [line for line in _list(values, "extra_properties") if isinstance(line, str)]
    card.ways = [way for way in map(_way, _list(values, "ways")) if way is not None]
    card.history = {name: instant for name in INSTANTS if (instant := instant_of(values, name))}
    card.history["would_call"] = values.get("would_call") is True
    if own := uuid_of(values.get("id")):
        card.history["uuid"] = own
    if not card.display_name:
        return Skipped(row, _("This entry holds neither a name nor a way to reach anybody."))
    return card


def uuid_of(value: Any) -> uuid.UUID | None:
    """A record's identifier, if it is one."""
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def day_of(values: dict[str, Any], name: str) -> date | None:
    """A calendar date in ISO form, if there is one."""
    try:
        return date.fromisoformat(values[name])
    except (KeyError, TypeError, ValueError):
        return None


def instant_of(values: dict[str, Any], name: str) -> datetime | None:
    """An instant with its offset from UTC, if there is one; never one that is yet to come."""
    try:
        instant = parse_datetime(values[name])
    except (KeyError, TypeError, ValueError):
        return None
    now = datetime.now(UTC)
    return min(instant, now) if instant is not None and instant.tzinfo is not None else None


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _list(values: dict[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value[: limits.MAX_VALUES] if isinstance(value, list) else []


def _birthday(card: Card, text: Any) -> PartialDate | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        year, month, day = text.rsplit("-", 2)
        return PartialDate(int(month), int(day), int(year) if year.strip("-") else None)
    except ValueError:
        card.losses.append(Loss("birthday", _("There is no such day.")))
        return None


def _way(values: Any) -> Way | None:
    if not isinstance(values, dict) or values.get("kind") not in ("email", "phone", "link", "address"):
        return None
    parts = tuple(part for part in _list(values, "parts") if isinstance(part, str))
    value = _text(values, "value")
    way = Way(values["kind"], value, _text(values, "label"), parts if len(parts) == 7 else ())
    return way if value else None
