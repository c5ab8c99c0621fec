"""A person as plain data, whether new, from a file or already in the network, and merging one person into another.

Nothing here reads or writes the database: the directory adds people (contacts/people/directory.py), and imports compare
them (contacts/importing/plan.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import starmap
from typing import Any

from contacts.cards import DAY_FIELDS, LENGTHS, TEXT_FIELDS, Related, Way
from contacts.people.identity import ComparableName, name_of
from contacts.text import both, fold

CONTACT_TEXTS = (*TEXT_FIELDS, "city", "how_met", "notes")
BIRTHDAY = ("birth_year", "birth_month", "birth_day")
FIELDS = (*CONTACT_TEXTS, *BIRTHDAY, *DAY_FIELDS, "has_died", "is_organisation", "would_call")
NAME_FIELDS = frozenset(("given_name", "family_name", "display_name"))
SEPARATORS = {"how_met": "; ", "notes": "\n\n"}
"""Texts of which a merge keeps both values, each with the separator between them."""
NEVER_MERGED = frozenset(("is_organisation",))
"""Fields that a merge never fills: not being an organisation is a fact about a contact, not an empty field."""

WayKey = tuple[str, str]
"""The kind of a way to reach and its normalised value."""
TopicKey = tuple[str, str]
"""The kind of a topic and its text in lower case."""
RelatedKey = tuple[str, str]
"""The label of a related person, and their name or, if it is unknown, their card's identifier, all in lower case."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A finished picture (see contacts/people/photos.py). `origin` is a hash of the file's picture it was made from.

    Both are empty for somebody in the network who has a picture, because only its presence matters.
    """

    content: bytes = b""
    origin: str = ""


@dataclass(slots=True)
class Changes:
    """The changes that a merge made to a person. `kept` lists the fields that kept a different value of their own."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    ways: dict[WayKey, Way] = field(default_factory=dict)
    circles: dict[str, str] = field(default_factory=dict)
    topics: dict[TopicKey, str] = field(default_factory=dict)
    related: dict[RelatedKey, Related] = field(default_factory=dict)
    portrait: Portrait | None = None
    extra: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.after or self.ways or self.circles or self.topics or self.related or self.portrait or self.extra
        )

    def names(self) -> list[str]:
        """Returns the names of everything that changed, to show to the member: fields, kinds of ways, and so on."""
        found = [name for name in FIELDS if name in self.after and name not in BIRTHDAY]
        found += ["birthday"] * any(name in self.after for name in BIRTHDAY)
        found += dict.fromkeys(kind for kind, _value in self.ways)
        found += ["circles"] * bool(self.circles)
        found += dict.fromkeys(kind for kind, _text in self.topics)
        found += ["related"] * bool(self.related) + ["photo"] * bool(self.portrait)
        return found + ["extra"] * bool(self.extra)

    def add(self, later: Changes) -> None:
        """Adds the changes of a later merge to these."""
        self.before = later.before | self.before
        self.after |= later.after
        self.ways |= later.ways
        self.circles |= later.circles
        self.topics |= later.topics
        self.related |= later.related
        self.portrait = self.portrait or later.portrait
        self.extra += later.extra


@dataclass(slots=True, eq=False)
class Person:
    """Everything known about somebody. `fields` holds the fields of a contact by name, without empty ones.

    `contact_id` is None for somebody who is not in the network yet. `history` holds further model fields by name, for a
    contact from netcrm's own export; they are used only if the contact is added as a new one.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    ways: dict[WayKey, Way] = field(default_factory=dict)
    circles: dict[str, str] = field(default_factory=dict)
    topics: dict[TopicKey, str] = field(default_factory=dict)
    related: dict[RelatedKey, Related] = field(default_factory=dict)
    portrait: Portrait | None = None
    extra: list[str] = field(default_factory=list)
    contact_id: int | None = None
    history: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        fields: Mapping[str, Any],
        *,
        ways: Iterable[Way] = (),
        circles: Iterable[str] = (),
        topics: Iterable[tuple[str, str]] = (),
    ) -> Person:
        """Returns a person to be added, whose keys cannot be compared yet; `topics` are pairs of kind and text."""
        return cls(
            dict(fields),
            {(way.kind, way.value): way for way in ways},
            {name: name for name in circles},
            {topic: topic[1] for topic in topics},
        )

    @property
    def name(self) -> ComparableName:
        """The name in the form in which names are compared."""
        return name_of(self.fields)

    def emails(self) -> list[str]:
        """Returns the normalised e-mail addresses."""
        return [value for kind, value in self.ways if kind == "email"]

    def fingerprints(self) -> list[str]:
        """Returns a short hash of each value, in no particular order, by which the values can be recognised later."""
        return list(starmap(short_hash, self._atoms()))

    def content_hash(self) -> str:
        """Returns one hash of all values, which is the same for equal people."""
        return hash_of(self.fingerprints())

    def without(self, known: set[str]) -> Person:
        """Returns a copy of the person without the values whose short hash is among `known`."""
        birthday_is_known = short_hash("birthday", self._birthday()) in known
        return replace(
            self,
            fields={
                name: value
                for name, value in self.fields.items()
                if not (birthday_is_known if name in BIRTHDAY else short_hash(name, str(value)) in known)
            },
            ways={key: way for key, way in self.ways.items() if short_hash(*key) not in known},
            circles={key: name for key, name in self.circles.items() if short_hash("circle", key) not in known},
            topics={key: text for key, text in self.topics.items() if short_hash(*key) not in known},
            related={key: each for key, each in self.related.items() if short_hash("related", str(key)) not in known},
            portrait=None if self.portrait and short_hash("photo", self.portrait.origin) in known else self.portrait,
            extra=[line for line in self.extra if short_hash("extra", line) not in known],
        )

    def absorb(self, other: Person) -> Changes:
        """Fills empty fields from `other`, adds its ways, circles and so on that are missing. Returns the changes."""
        changes = Changes()
        for name, value in other.fields.items():
            if name in BIRTHDAY or name in NEVER_MERGED:
                continue
            mine = self.fields.get(name)
            if not mine or (name == "display_name" and not self.name.words and other.name.words):
                # A display name that is only an address counts as empty.
                changes.before[name], changes.after[name] = mine, value
            elif (separator := SEPARATORS.get(name)) and len(text := both(mine, value, separator)) <= LENGTHS[name]:
                if text != mine:
                    changes.before[name], changes.after[name] = mine, text
            elif name != "display_name" and not _says_the_same(name, mine, value):
                changes.kept.append(name)
        self._absorb_birthday(other, changes)
        changes.ways = {key: way for key, way in other.ways.items() if key not in self.ways}
        changes.circles = {key: name for key, name in other.circles.items() if key not in self.circles}
        changes.topics = {key: text for key, text in other.topics.items() if key not in self.topics}
        changes.related = {key: each for key, each in other.related.items() if key not in self.related}
        changes.portrait = other.portrait if self.portrait is None else None
        changes.extra = [line for line in other.extra if line not in self.extra]
        self.fields |= changes.after
        self.ways |= changes.ways
        self.circles |= changes.circles
        self.topics |= changes.topics
        self.related |= changes.related
        self.portrait = self.portrait or changes.portrait
        self.extra = self.extra + changes.extra
        return changes

    def _absorb_birthday(self, other: Person, changes: Changes) -> None:
        mine, theirs = ({name: p.fields[name] for name in BIRTHDAY if name in p.fields} for p in (self, other))
        if all(theirs.get(name, value) == value for name, value in mine.items()):
            added = {name: value for name, value in theirs.items() if name not in mine}
            changes.before |= dict.fromkeys(added)
            changes.after |= added
        elif theirs:
            changes.kept.append("birthday")

    def _birthday(self) -> str:
        return "-".join(str(self.fields.get(name, "")) for name in BIRTHDAY)

    def _atoms(self) -> list[tuple[str, str]]:
        atoms = [(name, str(value)) for name, value in self.fields.items() if name not in BIRTHDAY]
        if "birth_month" in self.fields:
            atoms.append(("birthday", self._birthday()))
        atoms += self.ways
        atoms += [("circle", key) for key in self.circles]
        atoms += self.topics
        atoms += [("related", str(key)) for key in self.related]
        if self.portrait is not None:
            atoms.append(("photo", self.portrait.origin))
        atoms += [("extra", line) for line in self.extra]
        return atoms


def hash_of(fingerprints: Iterable[str]) -> str:
    """Returns one hash of these short hashes, which does not depend on their order."""
    return hashlib.sha256("".join(sorted(fingerprints)).encode()).hexdigest()


def related_key(related: Related) -> RelatedKey:
    """Returns the key that identifies a related person among those of one contact."""
    return related.label.casefold(), (related.name or related.uid).casefold()


@lru_cache(maxsize=1 << 15)  # An import hashes a value up to three times: in the row, as new, and as stored.
def short_hash(name: str, value: str) -> str:
    """Returns a hash of a value and its name, as ten hexadecimal digits."""
    return hashlib.blake2b(f"{name}\x1f{value}".encode("utf-8", "replace"), digest_size=5).hexdigest()


def _says_the_same(name: str, mine: Any, theirs: Any) -> bool:
    if isinstance(mine, str) and isinstance(theirs, str):
        if name in NAME_FIELDS:  # "A." adds nothing to "Anna", nor "Mueller" to "Müller".
            return fold(theirs).rstrip(".") in fold(mine)
        return theirs.casefold() in mine.casefold()
    return bool(mine == theirs)
