"""The values in netcrm's own export, as they are both written and read; docs/export.md describes the format.

Each section has a table of its fields, from key to `Field`, which its writer and its reader share.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from django.utils.dateparse import parse_datetime

from contacts.cards import CARD_TEXTS, DAY_FIELDS
from contacts.files.inline_images import from_base64
from contacts.files.limits import MAX_VALUES
from contacts.text import cleaned, one_line

FORMAT = "netcrm"
VERSION = 1
MAX_BYTES = 250_000_000
"""Maximum bytes of an export that the browser downloads, and of one that is read."""

RecordValues: TypeAlias = dict[str, Any]
"""A record in JSON form, or the clean values read from one, keyed by attribute name."""


@dataclass(frozen=True, slots=True)
class Field:
    """The functions that write a value under its key in a record and read it from there.

    `read` takes whatever the file holds and returns an empty value in place of one of the wrong type. `attribute` is
    the row's attribute for the value; empty if it has the name of the key.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    attribute: str = ""

    def of(self, attribute: str) -> Field:
        """Returns the same field for another attribute."""
        return replace(self, attribute=attribute)


Fields: TypeAlias = Mapping[str, Field]


def written(fields: Fields, row: Any, **given: Any) -> RecordValues:
    """Returns a row as a record; `given` are values, by key, that no attribute of the row holds."""
    return {
        key: field.write(given[key] if key in given else getattr(row, field.attribute or key))
        for key, field in fields.items()
    }


def filled(values: RecordValues) -> RecordValues:
    """Returns the values without the empty ones."""
    return {name: value for name, value in values.items() if value not in ("", None, [], False)}


def values_in(fields: Fields, record: Mapping[str, Any]) -> RecordValues:
    """Returns all values of a record, cleaned and keyed by attribute name; empty where the record has none."""
    return {field.attribute or key: field.read(record.get(key)) for key, field in fields.items()}


def uuid_of(value: Any) -> uuid.UUID | None:
    """Returns a record's identifier, or None if it is not a UUID."""
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def iso(value: date | None) -> str:
    """Returns a calendar date, or an instant with its offset from UTC, in ISO form; an empty string for None."""
    return value.isoformat() if value else ""


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _few_texts(value: Any) -> list[str]:
    return _texts(value[:MAX_VALUES]) if isinstance(value, list) else []


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _instant(value: Any) -> datetime | None:
    """Returns a time with its offset from UTC, at most the current time; None if it is invalid or has no offset."""
    try:
        instant = parse_datetime(value)
    except (TypeError, ValueError):
        return None
    return min(instant, datetime.now(UTC)) if instant is not None and instant.tzinfo is not None else None


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) and 0 <= value <= 1000 else 0


def records(fields: Fields, *, most: int | None = None) -> Field:
    """Returns a field for a list of records, written from a related manager; at most `most` of them are read."""

    def read(value: Any) -> list[RecordValues]:
        found = value[:most] if isinstance(value, list) else []
        return [values_in(fields, each) for each in found if isinstance(each, dict)]

    return Field(lambda rows: [filled(written(fields, row)) for row in rows.all()], read)


WORD = Field(_as_it_is, _text)
"""A text that is read unchanged: one of a choice, or one that is cleaned later."""
LINE = Field(_as_it_is, lambda value: one_line(_text(value)))
TEXT = Field(_as_it_is, lambda value: cleaned(_text(value)))
FLAG = Field(_as_it_is, lambda value: value is True)
NUMBER = Field(_as_it_is, _number)
"""A number from 0 to 1000; anything else is read as 0."""
ANYTHING = Field(_as_it_is, _as_it_is)
"""A value that the model checks, or that is never read."""
DAY = Field(iso, _day)
INSTANT = Field(iso, _instant)
PICTURE = Field(lambda content: base64.b64encode(content).decode("ascii"), lambda value: from_base64(_text(value)))
ID = Field(str, _text, "uuid")
UUID = Field(lambda value: str(value or ""), uuid_of)
REFERENCE = Field(lambda row: str(row.uuid) if row else "", _text)
"""Another row, by its identifier; read as the identifier in the file."""
TEXTS = Field(_as_it_is, _texts)
PEOPLE = Field(lambda rows: [str(row.contact.uuid) for row in rows.all()], _texts, "participations")
"""The participants, by their identifiers."""

WAY: Fields = {"kind": WORD, "label": WORD, "value": WORD, "parts": Field(_as_it_is, _few_texts)}
CONTACT: Fields = {
    "id": ID,
    **{"shown_name" if name == "display_name" else name: WORD.of(name) for name in CARD_TEXTS},
    "city": WORD,
    "is_organisation": FLAG,
    "has_died": FLAG,
    "would_call": FLAG,
    "birthday": WORD,
    **dict.fromkeys(DAY_FIELDS, DAY),
    "ways": records(WAY, most=MAX_VALUES),
    "circles": Field(lambda circles: [circle.name for circle in circles.all()], _few_texts),
    "extra_properties": Field(_as_it_is, _few_texts),
    "created_at": INSTANT,
    "archived_at": INSTANT,
    "deleted_at": INSTANT,
}
"""The fields of a contact. The birthday is ISO, or `--04-05` without the year, and is passed to `written`."""
