"""Deciding whether two names can belong to one person, in addition to hard evidence such as an equal e-mail address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contacts.people.name_words import SUFFIXES, TITLES
from contacts.text import fold_words, spelt_words

GENERATIONS = {"jr": 2, "junior": 2, "jun": 2, "sr": 1, "senior": 1, "sen": 1, "ii": 2, "iii": 3, "iv": 4}
TITLE_WORDS = frozenset(word for title in TITLES | SUFFIXES for word in fold_words(title)) - GENERATIONS.keys()


@dataclass(frozen=True, slots=True)
class ComparableName:
    """The compared parts of a name: its folded words, the generation if given, and whether it is an organisation.

    `spelt` are the words with their accents: Cote and Coté fold alike, but are two names.
    """

    words: tuple[str, ...]
    spelt: tuple[str, ...] = ()
    generation: int = 0
    is_organisation: bool = False


def name_of(fields: Mapping[str, Any]) -> ComparableName:
    """Return the name in the fields of a contact: its parts, or the display name if there are none.

    A name that is only an address or a number yields no words, and so is compatible with any name.
    """
    text = " ".join(fields.get(part, "") for part in ("given_name", "additional_names", "family_name"))
    if not (fields.get("given_name") or fields.get("family_name")):
        text = fields.get("display_name", "")
    if "@" in text or not any(character.isalpha() for character in text):
        text = ""
    words = fold_words(text)
    named = [GENERATIONS[word] for word in words + fold_words(fields.get("suffix", "")) if word in GENERATIONS]
    return ComparableName(
        _telling(words), _telling(spelt_words(text)), named[0] if named else 0, bool(fields.get("is_organisation"))
    )


def are_compatible(one: ComparableName, other: ComparableName) -> bool:
    """Return whether all words of one name occur in the other. An initial matches any word that begins with it."""
    if not one.words or not other.words:
        return True
    return one.generation == other.generation and resemble(one, other) and _contain(one.spelt, other.spelt)


def resemble(one: ComparableName, other: ComparableName) -> bool:
    """Return whether the names are compatible if accents and generations are ignored."""
    if not one.words or not other.words:
        return True
    return one.is_organisation == other.is_organisation and _contain(one.words, other.words)


def share_a_word(one: ComparableName, other: ComparableName) -> bool:
    """Return whether the names have a word in common, as before and after a marriage, or one of them has no words."""
    return not one.words or not other.words or not set(one.words).isdisjoint(other.words) or resemble(one, other)


def _telling(words: list[str]) -> tuple[str, ...]:
    """Return the words without generations and titles, unless the name consists of titles only."""
    bare = [word for word in words if word not in GENERATIONS]
    return tuple([word for word in bare if word not in TITLE_WORDS] or bare)


def _contain(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Return whether all words of the shorter name occur in the longer one."""
    fewer, more = sorted((some, others), key=len)
    left = list(more)
    # Match whole words first, so that an initial does not use up one that another word needs.
    for word in sorted(fewer, key=len, reverse=True):
        match = word if word in left else next((candidate for candidate in left if _is_initial(word, candidate)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _is_initial(one: str, other: str) -> bool:
    """Return whether one of the two words is the initial of the other."""
    return min(len(one), len(other)) == 1 and one[0] == other[0]
