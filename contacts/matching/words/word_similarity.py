"""How near two words are to each other, whatever else stands around them.

The index orders texts by all that they have in common with a phrase, the faintest sequence of letters included. Whether
a match is worth telling, and which of its words it rests on, is judged here: by whole words. Words that merely begin
alike, such as "Kran" and "krank", have nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import snowballstemmer
from rapidfuzz.distance import OSA

from contacts.matching.words.lexicon import Part, inner_parts, split

SAME_CONCEPT = 0.6
"""Words of one concept and no common part, such as "tax" and "Steuer", are at most so near."""

SAME_BEGINNING = 0.5
"""How near a word is to a longer one that begins or ends with it and is not known."""

TYPO = 0.8
"""How near two spellings of one word are."""

TELLING = 0.3
"""A word of a text speaks for a match from this word_similarity on."""

SHORT = 4
"""So short a known word also begins many others by chance ("Bau", "Bauch"): nothing unknown and as short stands
beside it."""

SHORT_STEM = 5
"""So short a known word takes common endings alone ("Feder", "federal")."""

SHORTEST_REMAINDER = 3
"""Fewer unknown letters are no part of a compound, but of another word than the one that the rest looks like."""

SHORTEST_STEM = 4
SHORTEST_BEGINNING = 5
SHORTEST_KNOWN_BEGINNING = 6
SHORTEST_TYPO = 6
LONG = 10
"""A word of so many letters may hold two typos."""

COMMON_ENDING = re.compile("(?:e[nrs]?|er[ns]|ens|[ns]|in(?:nen)?|ung(?:s|en)?|ings?|[ln]er|(?:er|ner)?ei)?")


_Meanings: TypeAlias = tuple[frozenset[int], ...]
"""The concepts of each part of a word."""


class _Traits(NamedTuple):
    """What two words may have in common. A word is `known` if nothing of it is strange."""

    word: str
    stem: str
    stems: frozenset[str]
    meanings: _Meanings
    inner_meanings: _Meanings
    known: bool


def word_similarity(one: str, other: str) -> float:
    """How near two folded words are: from 0 (nothing in common) to 1 (the same)."""
    if one == other:
        return 1.0
    left, right = _traits(one), _traits(other)
    nearness = max(_common(left.stems, right.stems), SAME_CONCEPT * _shared_meaning(left, right))
    if nearness >= TYPO or (left.known and right.known):
        return nearness
    shorter, longer = sorted((left, right), key=lambda traits: len(traits.stem))
    return max(nearness, _likeness(shorter, longer))


def nearest(word: str, others: Collection[str]) -> float:
    """How near a word is to the nearest of some others."""
    return max((word_similarity(word, other) for other in others), default=0.0)


def coverage(weights: Mapping[str, float], others: Collection[str]) -> float:
    """Which share of some weighted words is near to others: from 0 to 1."""
    total = sum(weights.values())
    return sum(weight * nearest(word, others) for word, weight in weights.items()) / total if total else 0.0


@lru_cache(maxsize=1024)
def _traits(word: str) -> _Traits:
    parts = _sound_parts(word)
    known = [part for part in parts if part.concepts]
    inner = [piece for part in known for piece in inner_parts(part.text)]
    return _Traits(
        word=word,
        stem=_stem(word),
        stems=frozenset(part.text if part.concepts else _stem(part.text) for part in (*parts, *inner)),
        meanings=tuple(_meaning(part) for part in parts),
        inner_meanings=tuple(_meaning(piece) for part in parts for piece in _pieces(part)),
        known=len(known) == len(parts),
    )


def _sound_parts(word: str) -> Sequence[Part]:
    """The parts of a word if the split is to be trusted, else the whole word as an unknown one."""
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
    """Each part of a word with the letters between it and the next one."""
    starts = []
    position = 0
    for part in parts:
        position = word.index(part.text, position)
        starts.append(position)
        position += len(part.text)
    for part, start, stop in zip(parts, starts, [*starts[1:], len(word)], strict=True):
        yield part, word[start + len(part.text) : stop]


def _stem(word: str) -> str:
    """The stem of an unknown word; a short one is left as it is, because little is common to many words."""
    stem: str = snowballstemmer.stemmer("german").stemWord(word)
    return stem if len(stem) >= SHORTEST_STEM else word


def _likeness(shorter: _Traits, longer: _Traits) -> float:
    """How near two words are of which at least one is not known, by their letters."""
    if _is_typo(shorter.stem, longer.stem) or _is_typo(shorter.word, longer.word):
        return TYPO
    least = SHORTEST_KNOWN_BEGINNING if shorter.known else SHORTEST_BEGINNING
    is_long = len(shorter.stem) >= least and len(longer.word) - len(shorter.stem) >= SHORTEST_STEM
    is_part = longer.word.startswith(shorter.stem) or longer.word.endswith(shorter.word)
    return SAME_BEGINNING if is_long and is_part else 0.0


def _is_typo(one: str, other: str) -> bool:
    """Whether two long words are spelled nearly the same. Their first letters and their ends are rarely wrong."""
    shorter = min(len(one), len(other))
    if shorter < SHORTEST_TYPO or one[0] != other[0] or one[-1] != other[-1]:
        return False
    return OSA.distance(one, other) <= (2 if shorter >= LONG else 1)


def _common(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The cosine of two sets."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


def _pieces(part: Part) -> tuple[Part, ...]:
    """What a known part is made of, or the part itself."""
    return (inner_parts(part.text) if part.concepts else ()) or (part,)


def _meaning(part: Part) -> frozenset[int]:
    """The concepts of a part, and of the one word that it comes from: "gartner" is about what "garten" is."""
    pieces = _pieces(part)
    return frozenset(part.concepts).union(pieces[0].concepts if len(pieces) == 1 else ())


def _shared_meaning(one: _Traits, other: _Traits) -> float:
    """Which share of the parts of two words mean the same, be it of the words or of what they are compounded of."""
    return max(
        _share(left, right)
        for left in (one.meanings, one.inner_meanings)
        for right in (other.meanings, other.inner_meanings)
    )


def _share(one: _Meanings, other: _Meanings) -> float:
    pairs = sum(bool(meaning & opposite) for meaning in one for opposite in other)
    return min(1.0, pairs / sqrt(len(one) * len(other))) if pairs else 0.0
