"""The similarity of two words, independent of the words around them.

The index ranks texts by everything they have in common with a phrase, down to the faintest sequence of letters. This
module compares whole words to decide whether a match is worth showing, and which of its words it is based on. Words
that merely begin alike, such as "Kran" and "krank", have nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import snowballstemmer
from rapidfuzz.distance import OSA

from contacts.matching.words.lexicon import Part, inner_parts, split

SAME_CONCEPT = 0.6
"""Maximum similarity of words with the same concept but no common part, such as "tax" and "Steuer"."""

SAME_BEGINNING = 0.5
"""Similarity of a word and a longer, unknown one that begins or ends with it."""

TYPO = 0.8
"""Similarity of two spellings of the same word."""

TELLING = 0.3
"""Minimum similarity at which a word of a text accounts for a match."""

SHORT = 4
"""Maximum letters of a known word that begins many others by chance ("Bau", "Bauch").

Such a word does not count next to an unknown part that is just as short.
"""

SHORT_STEM = 5
"""Maximum letters of a known word that only takes common endings ("Feder", "federal")."""

SHORTEST_REMAINDER = 3
"""Minimum unknown letters next to a known part; with fewer, the known part is there by chance."""

SHORTEST_STEM = 4
SHORTEST_BEGINNING = 5
SHORTEST_KNOWN_BEGINNING = 6
SHORTEST_TYPO = 6
LONG = 10
"""Minimum letters of a word that may contain two typos."""

COMMON_ENDING = re.compile("(?:e[nrs]?|er[ns]|ens|[ns]|in(?:nen)?|ung(?:s|en)?|ings?|[ln]er|(?:er|ner)?ei)?")


_Meanings: TypeAlias = tuple[frozenset[int], ...]
"""The concepts of each part of a word."""


class _Traits(NamedTuple):
    """The properties by which two words are compared. A word is `known` if none of its parts is unknown."""

    word: str
    stem: str
    stems: frozenset[str]
    meanings: _Meanings
    inner_meanings: _Meanings
    concepts: frozenset[int]
    known: bool


def word_similarity(one: str, other: str) -> float:
    """Return the similarity of two folded words, from 0 (nothing in common) to 1 (the same)."""
    if one == other:
        return 1.0
    left, right = _traits(one), _traits(other)
    nearness = max(_common(left.stems, right.stems), SAME_CONCEPT * _shared_meaning(left, right))
    if nearness >= TYPO or (left.known and right.known):
        return nearness
    shorter, longer = (left, right) if len(left.stem) <= len(right.stem) else (right, left)
    return max(nearness, _likeness(shorter, longer))


def nearest(word: str, others: Collection[str]) -> float:
    """Return the similarity of a word to the most similar of some others."""
    return max((word_similarity(word, other) for other in others), default=0.0)


def coverage(weights: Mapping[str, float], others: Collection[str]) -> float:
    """Return the share, by weight, of some words that others cover, from 0 to 1."""
    total = sum(weights.values())
    return sum(weight * nearest(word, others) for word, weight in weights.items()) / total if total else 0.0


def coverages(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, float]:
    """Return how well the weighted words of each of two texts are covered by those of the other, from 0 to 1."""
    similar = [[word_similarity(word, opposite) for opposite in other] for word in one]
    best_of_one = [max(row, default=0.0) for row in similar]
    best_of_other = [max(column) for column in zip(*similar, strict=True)] if one else [0.0] * len(other)
    return _weighted(one, best_of_one), _weighted(other, best_of_other)


def _weighted(weights: Mapping[str, float], values: Iterable[float]) -> float:
    total = sum(weights.values())
    return sum(weight * value for weight, value in zip(weights.values(), values, strict=True)) / total if total else 0.0


@lru_cache(maxsize=4096)
def _traits(word: str) -> _Traits:
    parts = _sound_parts(word)
    known = [part for part in parts if part.concepts]
    inner = [piece for part in known for piece in inner_parts(part.text)]
    meanings = tuple(_meaning(part) for part in parts)
    inner_meanings = tuple(_meaning(piece) for part in parts for piece in _pieces(part))
    return _Traits(
        word=word,
        stem=_stem(word),
        stems=frozenset(part.text if part.concepts else _stem(part.text) for part in (*parts, *inner)),
        meanings=meanings,
        inner_meanings=inner_meanings,
        concepts=frozenset().union(*meanings, *inner_meanings),
        known=len(known) == len(parts),
    )


def _sound_parts(word: str) -> Sequence[Part]:
    """Return the parts of a word if the split is trustworthy, else the whole word as an unknown part."""
    parts = split(word)
    strange = [part for part in parts if not part.concepts]
    known = [(part, ending) for part, ending in _endings(word, parts) if part.concepts]
    has_short_strange = min((len(part.text) for part in strange), default=LONG) <= SHORT
    is_chance = (
        any(len(part.text) < SHORTEST_REMAINDER for part in strange)
        or any(len(part.text) <= SHORT_STEM and not COMMON_ENDING.fullmatch(ending) for part, ending in known)
        or (has_short_strange and any(len(part.text) <= SHORT for part, _ending in known))
    )
    return (Part(word, ()),) if is_chance else parts


def _endings(word: str, parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """Yield each part of a word with the letters between it and the next part."""
    starts = []
    position = 0
    for part in parts:
        position = word.index(part.text, position)
        starts.append(position)
        position += len(part.text)
    for part, start, stop in zip(parts, starts, [*starts[1:], len(word)], strict=True):
        yield part, word[start + len(part.text) : stop]


def _stem(word: str) -> str:
    """Return the stem of an unknown word. A short one is left alone, because many words have a short stem in common."""
    stem: str = snowballstemmer.stemmer("german").stemWord(word)
    return stem if len(stem) >= SHORTEST_STEM else word


def _likeness(shorter: _Traits, longer: _Traits) -> float:
    """Return the similarity of the spelling of two words, at least one of which is unknown."""
    if _is_typo(shorter.stem, longer.stem) or _is_typo(shorter.word, longer.word):
        return TYPO
    least = SHORTEST_KNOWN_BEGINNING if shorter.known else SHORTEST_BEGINNING
    is_long = len(shorter.stem) >= least and len(longer.word) - len(shorter.stem) >= SHORTEST_STEM
    is_part = longer.word.startswith(shorter.stem) or longer.word.endswith(shorter.word)
    return SAME_BEGINNING if is_long and is_part else 0.0


def _is_typo(one: str, other: str) -> bool:
    """Return whether two long words are spelt nearly the same. First letters and ends are rarely mistyped."""
    shorter = min(len(one), len(other))
    if shorter < SHORTEST_TYPO or one[0] != other[0] or one[-1] != other[-1]:
        return False
    return OSA.distance(one, other) <= (2 if shorter >= LONG else 1)


def _common(one: frozenset[Any], other: frozenset[Any]) -> float:
    """Return the cosine of two sets."""
    return 0.0 if one.isdisjoint(other) else len(one & other) / sqrt(len(one) * len(other))


def _pieces(part: Part) -> tuple[Part, ...]:
    """Return the parts that a known part is composed of, or the part itself."""
    return (inner_parts(part.text) if part.concepts else ()) or (part,)


def _meaning(part: Part) -> frozenset[int]:
    """Return the concepts of a part and of the one word it derives from: "gartner" is about the same as "garten"."""
    pieces = _pieces(part)
    return frozenset(part.concepts).union(pieces[0].concepts if len(pieces) == 1 else ())


def _shared_meaning(one: _Traits, other: _Traits) -> float:
    """Return the largest share of parts with the same meaning, whether of the words or of their inner parts."""
    if one.concepts.isdisjoint(other.concepts):
        return 0.0  # As it is for nearly all pairs of words.
    return max(
        _share(left, right)
        for left in (one.meanings, one.inner_meanings)
        for right in (other.meanings, other.inner_meanings)
    )


def _share(one: _Meanings, other: _Meanings) -> float:
    pairs = sum(bool(meaning & opposite) for meaning in one for opposite in other)
    return min(1.0, pairs / sqrt(len(one) * len(other))) if pairs else 0.0
