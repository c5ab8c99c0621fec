"""How near two words are to each other, whatever else stands around them.

The index orders texts by all that they have in common with a phrase, the faintest sequence of letters included. Whether
a match is worth telling, and which of its words it rests on, is judged here: by whole words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple

import snowballstemmer

from contacts.matching.lexicon import inner_parts, split

SAME_CONCEPT = 0.6
"""Words of one concept and no common part, such as "tax" and "Steuer", are at most so near."""

TYPO = 0.55
"""Words with this share of common sequences of letters are taken for two spellings of one."""

TELLING = 0.3
"""A word of a text speaks for a match from this kinship on."""


class _Traits(NamedTuple):
    """What two words may have in common."""

    stems: frozenset[str]
    concepts: frozenset[int]
    sequences: frozenset[str]


def kinship(one: str, other: str) -> float:
    """How near two folded words are: from 0 (nothing in common) to 1 (the same)."""
    if one == other:
        return 1.0
    left, right = _traits(one), _traits(other)
    letters = _common(left.sequences, right.sequences)
    return max(
        letters if letters >= TYPO else 0.0,
        _common(left.stems, right.stems),
        SAME_CONCEPT * _contained(left.concepts, right.concepts),
    )


def nearest(word: str, others: Collection[str]) -> float:
    """How near a word is to the nearest of some others."""
    return max((kinship(word, other) for other in others), default=0.0)


def coverage(weights: Mapping[str, float], others: Collection[str]) -> float:
    """Which share of some weighted words is near to others: from 0 to 1."""
    total = sum(weights.values())
    return sum(weight * nearest(word, others) for word, weight in weights.items()) / total if total else 0.0


@lru_cache(maxsize=1024)
def _traits(word: str) -> _Traits:
    parts = split(word)
    known = [part for part in parts if part.concepts]
    stemmer = snowballstemmer.stemmer("german")
    inner = [part for whole in known for part in inner_parts(whole.text)]
    return _Traits(
        stems=frozenset(part.text if part.concepts else stemmer.stemWord(part.text) for part in (*parts, *inner)),
        concepts=frozenset(concept for part in (*known, *inner) for concept in part.concepts),
        sequences=frozenset(f"^{word}$"[start : start + 3] for start in range(len(word))),
    )


def _common(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The cosine of two sets."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


def _contained(one: frozenset[Any], other: frozenset[Any]) -> float:
    """Which share of the smaller of two sets the other one holds."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
