"""The contact's own fields in a merge: comparing them, proposing values, and applying the member's choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.cards import LENGTHS
from contacts.days import format_day
from contacts.models import Contact
from contacts.people.person import SEPARATORS
from contacts.text import both, fold_words

LEAP_YEAR = 2000
"""Substitute for an unknown year: a leap year, because a birthday may fall on 29 February."""


class Choice(StrEnum):
    """The contact whose value a group of fields gets. Only the texts in `SEPARATORS` can keep both values."""

    SURVIVOR = "survivor"
    OTHER = "other"
    BOTH = "both"


Choices: TypeAlias = Mapping[str, str]
"""A `Choice` per group key; groups that are left out get the proposed one."""

GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "name": (
        _("Name"),
        (
            "display_name",
            "prefix",
            "given_name",
            "additional_names",
            "family_name",
            "suffix",
            "sort_name",
            "is_organisation",
        ),
    ),
    "nickname": (_("Nickname"), ("nickname",)),
    "organisation": (_("Organisation"), ("organisation",)),
    "department": (_("Department"), ("department",)),
    "role": (_("Role"), ("role",)),
    "city": (_("City"), ("city",)),
    "birthday": (_("Birthday"), ("birth_year", "birth_month", "birth_day")),
    "how_met": (_("How we met"), ("how_met",)),
    "met_on": (_("Met on"), ("met_on",)),
    "connected_on": (_("Connected on"), ("connected_on",)),
    "notes": (_("Notes"), ("notes",)),
}
"""Groups of fields that the member chooses as a whole: key, label and field names."""

PICTURE = "picture"
"""The key of the choice between two pictures, which are not fields of the contact."""

JOINED = ("would_call", "has_died", "archived_at", "extra_properties")
"""Fields that combine the values of both contacts, so that nobody has to choose."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group of fields of two contacts in words, side by side, with the proposed choice."""

    key: str
    label: Promise
    survivor: str
    other: str
    proposed: Choice

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose: both have a value, and the values differ."""
        return bool(self.survivor and self.other and self.survivor != self.other)

    @property
    def may_be_both(self) -> bool:
        """Whether both values can be kept."""
        return self.key in SEPARATORS


def compare(survivor: Contact, other: Contact) -> list[Comparison]:
    """Return the groups in which at least one of the contacts has a value."""
    compared = []
    for key, (label, _names) in GROUPS.items():
        ours, theirs = _in_words(key, survivor), _in_words(key, other)
        if ours or theirs:
            compared.append(Comparison(key, label, ours, theirs, _proposed(key, survivor, other)))
    return compared


def merged_fields(survivor: Contact, other: Contact, choices: Choices, *, appends_rest: bool = False) -> dict[str, Any]:
    """Return the values of the survivor's fields after the merge, including unchanged ones. Raises ValidationError.

    With `appends_rest`, for merges that the member has not looked at, values that would be dropped go into the notes.
    """
    fields = {
        "would_call": survivor.would_call or other.would_call,
        "has_died": survivor.has_died or other.has_died,
        "archived_at": survivor.archived_at and other.archived_at and max(survivor.archived_at, other.archived_at),
        "extra_properties": survivor.extra_properties
        + [line for line in other.extra_properties if line not in survivor.extra_properties],
    }
    for key, (_label, names) in GROUPS.items():
        choice = _checked(key, choices.get(key) or _proposed(key, survivor, other))
        if choice == Choice.BOTH:
            fields[key] = _both(key, survivor, other)
        else:
            fields |= zip(names, _values(other if choice == Choice.OTHER else survivor, names), strict=True)
    if appends_rest:
        dropped = _dropped(survivor, other, fields)
        fields["notes"] = "\n\n".join(filter(None, (fields["notes"], "\n".join(dropped))))
    return fields


def takes_other_picture(choices: Choices) -> bool:
    """Return whether the survivor gets the other contact's picture. Raises ValidationError."""
    return _checked(PICTURE, choices.get(PICTURE) or Choice.SURVIVOR) == Choice.OTHER


def _in_words(key: str, contact: Contact) -> str:
    """Return a contact's value in a group as text."""
    if key == "name":
        return contact.display_name
    if key == "birthday":
        if contact.birth_month is None or contact.birth_day is None:
            return ""
        day = date(contact.birth_year or LEAP_YEAR, contact.birth_month, contact.birth_day)
        return format_day(day, with_year=contact.birth_year is not None)
    value = getattr(contact, key)
    return format_day(value, with_year=True) if isinstance(value, date) else str(value or "")


def _values(contact: Contact, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(contact, name) for name in names)


def _proposed(key: str, survivor: Contact, other: Contact) -> Choice:
    """Return the survivor's value as the choice, unless the other's says more; for differing notes, both."""
    ours, theirs = (_values(contact, GROUPS[key][1]) for contact in (survivor, other))
    if key in SEPARATORS and any(ours) and any(theirs) and ours != theirs:
        return Choice.BOTH if len(_both(key, survivor, other)) <= LENGTHS[key] else Choice.SURVIVOR
    if key == "name":
        return Choice.OTHER if _fullness(other) > _fullness(survivor) else Choice.SURVIVOR
    if key == "birthday":
        adds_year = ours[0] is None and ours[1:] == theirs[1:] and theirs[0] is not None
        return Choice.OTHER if adds_year or not any(ours) else Choice.SURVIVOR
    return Choice.SURVIVOR if any(ours) else Choice.OTHER


def _fullness(contact: Contact) -> tuple[int, int]:
    """Return a measure of how complete a name is: the number of its parts, and of those longer than an initial."""
    parts = [part for part in (contact.given_name, contact.family_name) if part]
    return len(parts), sum(len(part.rstrip(".")) > 1 for part in parts)


def _checked(key: str, choice: str) -> Choice:
    try:
        checked = Choice(choice)
    except ValueError:
        raise ValidationError(_("Choose one of the two.")) from None
    if checked == Choice.BOTH and key not in SEPARATORS:
        raise ValidationError(_("Choose one of the two."))
    return checked


def _both(key: str, survivor: Contact, other: Contact) -> str:
    return both(getattr(survivor, key), getattr(other, key), SEPARATORS[key])


def _dropped(survivor: Contact, other: Contact, fields: Mapping[str, Any]) -> list[str]:
    """Return a line for each value of the two contacts that the merged `fields` no longer contain."""
    merged = Contact(**fields)
    lines = []
    for key, (label, _names) in GROUPS.items():
        kept = _in_words(key, merged).casefold()
        for value in (_in_words(key, contact) for contact in (survivor, other)):
            is_told = _tells_name(merged, value) if key == "name" else value.casefold() in kept
            if not is_told:
                lines.append(f"{label}: {value}")
    return lines


def _tells_name(contact: Contact, name: str) -> bool:
    """Return whether the contact's name has each word of `name`; an initial counts as any word that begins with it."""
    words = fold_words(" ".join(str(getattr(contact, part)) for part in GROUPS["name"][1]))
    return all(
        word in words or (len(word) == 1 and any(each[0] == word for each in words)) for word in fold_words(name)
    )
