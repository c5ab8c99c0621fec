"""The neutral record that every reader produces and every writer takes.

A reader turns a file into entries: a ``Card`` for each person or organisation, a ``Group`` for each circle that the
file keeps as a card of its own, and a ``Skipped`` for each entry that describes nobody. Cards know nothing about the
database except the lengths of its columns.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from django.db.models import Model
from django.utils.functional import Promise

from contacts.models import Circle, Contact, Relation, Topic, WayToReach

Text: TypeAlias = str | Promise
"""A text for the member, translated lazily: into the language that is active when it is shown."""

WayKind: TypeAlias = Literal["email", "phone", "link", "address"]

TextField: TypeAlias = Literal[
    "given_name",
    "additional_names",
    "family_name",
    "prefix",
    "suffix",
    "display_name",
    "nickname",
    "organisation",
    "department",
    "role",
]

ListField: TypeAlias = Literal["seeks", "offers", "interests"]
DayField: TypeAlias = Literal["met_on", "connected_on"]

TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)
"""The fields of a card that hold one line of text."""
CARD_TEXTS = (*TEXT_FIELDS, "how_met", "notes")
"""All texts of a card. A contact has them under the same names, and a city in addition."""
DAY_FIELDS: tuple[DayField, ...] = get_args(DayField)
"""The date fields of a card; a contact has fields with the same names."""

TOPIC_LISTS: dict[ListField, Topic.Kind] = {
    "seeks": Topic.Kind.SEEKS,
    "offers": Topic.Kind.OFFERS,
    "interests": Topic.Kind.INTEREST,
}
"""The kind of topics that each list of a card holds."""

ADDRESS_PARTS = ("post_box", "extended", "street", "city", "region", "postcode", "country")
"""The seven components of a vCard's ADR, in order."""
CITY, POSTCODE, COUNTRY = (ADDRESS_PARTS.index(name) for name in ("city", "postcode", "country"))


def _longest(model: type[Model], name: str) -> int:
    field: Any = model._meta.get_field(name)
    return int(field.max_length)


LENGTHS: dict[str, int] = {
    **{name: _longest(Contact, name) for name in (*CARD_TEXTS, "city")},
    **dict.fromkeys(TOPIC_LISTS, _longest(Topic, "text")),
    **dict.fromkeys(get_args(WayKind), _longest(WayToReach, "value")),
    "label": _longest(WayToReach, "label"),
    "circles": _longest(Circle, "name"),
    "related": _longest(Relation, "name"),
}
"""Maximum characters of each text of a card: the length of its column."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of the year, with the year if known. Always a real day; 29 February without a year counts as one."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        datetime.date(self.year or 2000, self.month, self.day)

    def __str__(self) -> str:
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody.

    ``label`` is a plain word (``home``, ``work``, ``mobile``, ``work fax``) where the file used a standard type, else
    the file's own wording, or empty. A ``link`` is an http(s) address, or that of a messenger with its own scheme
    (``skype:anna``) and the service as label. An ``address`` has its seven ``parts``; ``value`` holds them on one line.
    """

    kind: WayKind
    value: str
    label: str = ""
    parts: tuple[str, ...] = ()

    @property
    def city(self) -> str:
        """The city of an address; empty for any other way."""
        return self.parts[CITY] if self.parts else ""


@dataclass(frozen=True, slots=True)
class Related:
    """Somebody related to the person of a card: by ``name``, by the ``uid`` of another card in the file, or both."""

    label: str = ""
    name: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """A field that could not be imported. ``field`` is its name in the file, empty for the card as a whole."""

    field: str
    reason: Text


@dataclass(slots=True)
class Card:
    """One person or organisation, as read.

    ``row`` is the position in the file, from 1. ``is_own`` means that netcrm wrote the card, so that ``uid`` identifies
    one contact. ``display_name`` is never empty once read: it is composed where the file has none. ``extra`` holds the
    vCard properties that netcrm does not model, to be written again on export: each is an unfolded line as in the file,
    including group and parameters, with quoted-printable and character sets resolved. ``photo_file`` is the path of a
    picture in the archive that contains the table.
    """

    row: int = 0
    uid: str = ""
    given_name: str = ""
    additional_names: str = ""
    family_name: str = ""
    prefix: str = ""
    suffix: str = ""
    display_name: str = ""
    nickname: str = ""
    organisation: str = ""
    department: str = ""
    role: str = ""
    birthday: PartialDate | None = None
    how_met: str = ""
    met_on: datetime.date | None = None
    connected_on: datetime.date | None = None
    notes: str = ""
    has_died: bool = False
    would_call: bool = False
    is_organisation: bool = False
    photo: bytes | None = None
    photo_type: str = ""
    photo_file: str = ""
    ways: list[Way] = field(default_factory=list)
    circles: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    seeks: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    interests: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    is_own: bool = field(default=False, compare=False)

    @property
    def city(self) -> str:
        """The city of the first address that has one, or an empty string."""
        return next((way.city for way in self.ways if way.city), "")

    def values(self, kind: WayKind) -> Iterator[str]:
        """Returns the values of the ways of one kind, in the file's order."""
        return (way.value for way in self.ways if way.kind == kind)


@dataclass(frozen=True, slots=True)
class Group:
    """A circle that the file keeps as a card, with the ``uid`` of each member's card."""

    row: int
    name: str
    uid: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that does not become a contact, with the reason to show; ``text`` is the beginning of the entry."""

    row: int
    reason: Text
    text: str = ""


Entry: TypeAlias = Card | Group | Skipped


class UnreadableFileError(Exception):
    """The file, or the rest of it, cannot be read; ``reason`` tells the member why, and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def uid_key(uid: str) -> str:
    """Returns the SHA-256 hash of a card's UID, which counts as the same with and without the scheme `urn:uuid:`."""
    return hashlib.sha256(f"uid {uid.removeprefix('urn:uuid:')}".encode("utf-8", "replace")).hexdigest()
