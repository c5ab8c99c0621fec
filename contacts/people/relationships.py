"""Relationships between people: the vocabulary of vCards and address books, translated, and the inverse relations."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFERED: dict[str, Promise] = {
    "": _("related person"),
    "partner": _("partner"),
    "spouse": _("husband or wife"),
    "child": _("child"),
    "parent": _("parent"),
    "sibling": _("brother or sister"),
    "relative": _("relative"),
    "friend": _("friend"),
    "colleague": _("colleague"),
    "manager": _("manager"),
    "assistant": _("assistant"),
    "neighbor": _("neighbour"),
    "referrer": _("made you known to each other"),
    "emergency": _("in an emergency"),
}
"""The labels that a member can choose from, in display order."""

OTHERS: dict[str, Promise] = {
    "wife": _("wife"),
    "husband": _("husband"),
    "mother": _("mother"),
    "father": _("father"),
    "son": _("son"),
    "daughter": _("daughter"),
    "brother": _("brother"),
    "sister": _("sister"),
    "kin": _("relative"),
    "co-worker": _("colleague"),
    "acquaintance": _("acquaintance"),
    "contact": _("related person"),
    "domestic partner": _("partner"),
    "sweetheart": _("partner"),
    "agent": _("agent"),
}
"""Further labels that occur in files."""

CHOICES = list(OFFERED.items())

SYMMETRIC = frozenset(
    ("", "partner", "spouse", "domestic partner", "sweetheart", "sibling", "relative", "kin", "friend", "colleague")
) | {"co-worker", "neighbor", "acquaintance", "contact"}

OTHER_SIDES = {
    "child": "parent",
    "son": "parent",
    "daughter": "parent",
    "parent": "child",
    "mother": "child",
    "father": "child",
    "wife": "spouse",
    "husband": "spouse",
    "brother": "sibling",
    "sister": "sibling",
}


def in_words(label: str) -> str:
    """Return the label in the member's language; one that the member made up is returned unchanged."""
    word = OFFERED.get(label, OTHERS.get(label))
    return str(word) if word is not None else label


def other_side(label: str) -> str:
    """Return the inverse of a label, such as "parent" for "child"; "" (related person) if there is none."""
    return label if label in SYMMETRIC else OTHER_SIDES.get(label, "")
