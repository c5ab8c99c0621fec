"""Given names that are forms of each other, and those known to be names in their own right."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib import resources

SHORTEST_BEGINNING = 3
"""Minimum letters of a short form, which is the beginning of the full name: "Alex" or "Max", but not "Jo"."""


def are_forms_of_one(one: str, other: str) -> bool:
    """Return whether one of two folded given names is a form of the other: a nickname, short form or foreign form."""
    forms = _forms()
    if other in forms.get(one, frozenset()):
        return True
    if is_known(one) and is_known(other):
        return False
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - 2 >= len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter)


def is_known(name: str) -> bool:
    """Return whether a folded given name is a known one, and so hardly a misspelling: Julia is not Julian."""
    return name in _forms()


@lru_cache(maxsize=1)
def _forms() -> dict[str, frozenset[str]]:
    """Return the forms of each known folded name. Two nicknames of one name (Bob, Rob) are not forms of each other."""
    lines = resources.files(__package__).joinpath("nicknames.txt").read_text(encoding="utf-8").splitlines()
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        if not line.startswith("#"):
            name, *others = line.split()
            forms[name].update(others)
            for other in others:
                forms[other].add(name)
    return {name: frozenset(others) for name, others in forms.items()}
