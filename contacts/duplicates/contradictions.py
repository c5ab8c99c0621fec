"""Contradictions between two contacts, because of which nothing may merge them without asking.

Identifiers are reused, mailboxes are shared, and father and son have one name: if two contacts contradict each other,
even the same UID or e-mail address only makes them a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts.duplicates.given_names import are_forms_of_one, is_known
from contacts.duplicates.spelling import is_misspelling
from contacts.people.identity import name_of, resemble, share_a_word
from contacts.people.names import split_name
from contacts.text import fold_words

Fields = Mapping[str, Any]
"""The fields of a contact by name; empty ones may be missing."""

GIVEN_NAMES = ("given_name", "additional_names", "nickname")
NAMES = ("given_name", "family_name")


def contradiction(one: Fields, other: Fields) -> str:
    """Return the kind of evidence (see wording.py) by which two contacts contradict each other; empty if none does.

    A value that only one of them has contradicts nothing, except for a generation, because a senior is often called by
    the name only.
    """
    if _birthdays_differ(one, other):
        return "other_birthday"
    name, other_name = name_of(one), name_of(other)
    if not name.words or not other_name.words or name.is_organisation or other_name.is_organisation:
        return ""
    if name.generation != other_name.generation:
        return "other_generation"
    if resemble(name, other_name) or not _given_names_differ(one, other):
        return ""
    return "other_given_name"


def _birthdays_differ(one: Fields, other: Fields) -> bool:
    days = [(fields.get("birth_month"), fields.get("birth_day")) for fields in (one, other)]
    years = [fields.get("birth_year") for fields in (one, other)]
    if not all(map(all, days)):
        return False
    return days[0] != days[1] or (all(years) and years[0] != years[1])


def _given_names_differ(one: Fields, other: Fields) -> bool:
    """Return whether none of the names that one goes by can be a name of the other.

    If a given name is missing, only names without a word in common differ.
    """
    given, other_given = _given(one), _given(other)
    if not given or not other_given:
        return not share_a_word(name_of(one), name_of(other))
    return not any(_are_alike(name, other_name) for name in given for other_name in other_given)


def _given(fields: Fields) -> list[str]:
    """Return the folded given names and nicknames; given names are guessed if only a display name is known."""
    if not any(fields.get(name) for name in NAMES):
        fields = {**fields, "given_name": split_name(fields.get("display_name") or "").given_name}
    if not fields.get("given_name"):
        return []
    return fold_words(" ".join(fields.get(name) or "" for name in GIVEN_NAMES))


def _are_alike(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]) or are_forms_of_one(one, other):
        return True
    return not (is_known(one) and is_known(other)) and is_misspelling(one, other)
