"""The keys of people in a file, by which they are recognised when the file is imported again."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable

from contacts.cards import Card, uid_key
from contacts.people.person import Person, hash_of

PROFILES = "linkedin.com/"


class SourceKeys:
    """Makes the keys of one file's people, in the file's order; equal rows are distinguished by their ordinal."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()

    def row_key(self, fingerprints: Iterable[str]) -> str:
        """Returns a hash of a row, from a short hash of each of its values and the number of equal rows before it."""
        content = hash_of(fingerprints)
        self._rows[content] += 1
        return content if self._rows[content] == 1 else _hash(f"{content} {self._rows[content]}")


def identity_key(card: Card, person: Person) -> str:
    """Returns a hash of the person's identity in the program that wrote the file; empty if there is none.

    The identity is the UID of a vCard, or the address of a LinkedIn profile.
    """
    if card.uid:
        return uid_key(card.uid)
    profile = next((value for kind, value in person.ways if kind == "link" and value.startswith(PROFILES)), "")
    return _hash(f"profile {profile}") if profile else ""


def namesake_key(identity: str, person: Person) -> str:
    """Returns the key for a person of this name to whom a program gave another person's identity; "" without one."""
    return _hash(f"{identity} {' '.join(sorted(person.name.words))}") if identity else ""


def own_uuid(card: Card) -> uuid.UUID | None:
    """Returns the identifier of the contact if netcrm may have written the card, else None."""
    try:
        return uuid.UUID(card.uid.removeprefix("urn:uuid:"))
    except ValueError:
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
