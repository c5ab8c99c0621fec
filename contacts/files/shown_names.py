"""Deriving the parts of a name that a file lacks from the display name that it has."""

from __future__ import annotations

from contacts.people.names import Name, split_name
from contacts.text import fold


def given_name_beside(family_name: str, shown: str, name: Name) -> str:
    """Returns the given name in a display name, split into ``name``, next to a known family name; "" if none."""
    if fold(name.family_name) == fold(family_name):
        return name.given_name
    folded, family = fold(shown), fold(family_name)
    if folded.endswith(f" {family}"):
        rest = split_name(" ".join(shown.split(" ")[: -len(family_name.split())]))
    elif folded.startswith(f"{family} "):
        rest = split_name(" ".join(shown.split(" ")[len(family_name.split()) :]))
    else:
        return ""
    return f"{rest.given_name} {rest.family_name}".strip()
