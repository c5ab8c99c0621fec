"""The features by which words are compared: letters, parts, and meanings.

Letters catch inflection and typos, parts catch compounds, and concepts catch synonyms. The weights were tuned on one
half of a set of German occupation titles and verified on the other half.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt

import snowballstemmer

from contacts.matching.words.lexicon import Part, inner_parts, split

SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 3, 4

LETTERS = 1.5
PART = 0.7
UNKNOWN_PART = 1.0
CONCEPT = 1.0
INNER_PART = 0.5
"""Factor for the parts of a known compound, which count less than the compound itself."""
LAST_PART = 0.9
"""Factor for the last part of a compound: many words share it, and the parts before it are more distinctive."""


@lru_cache(maxsize=2048)
def features_of(form: str) -> Mapping[str, float]:
    """Return the features of a folded word with their weights.

    "=" marks a concept, "+" a known part, "~" the stem of an unknown part; all others are letter sequences.
    """
    features: dict[str, float] = {}
    letters = _sequences(form)
    for sequence, count in letters.items():
        features[sequence] = LETTERS * count / sqrt(len(letters))
    parts = split(form)
    _add_parts(features, parts, 1.0)
    for part in parts:
        _add_parts(features, inner_parts(part.text) if part.concepts else (), INNER_PART)
    return features


def _add_parts(features: dict[str, float], parts: Sequence[Part], scale: float) -> None:
    for position, (text, concepts) in enumerate(parts, start=1):
        weight = scale * (LAST_PART if position == len(parts) else 1.0)
        if concepts:
            _add(features, f"+{text}", weight * PART)
        elif len(text) >= SHORTEST_SEQUENCE:
            # A new stemmer for each word: stemmers have state, and several threads match at the same time.
            _add(features, f"~{snowballstemmer.stemmer('german').stemWord(text)}", weight * UNKNOWN_PART)
        for concept in concepts:
            _add(features, f"={concept}", weight * CONCEPT / sqrt(len(concepts)))


def _sequences(form: str) -> Counter[str]:
    """Return the sequences of three and four letters in a word, with its beginning and end marked."""
    marked = f"^{form}$"
    return Counter(
        marked[start : start + length]
        for length in range(SHORTEST_SEQUENCE, LONGEST_SEQUENCE + 1)
        for start in range(len(marked) - length + 1)
    )


def _add(features: dict[str, float], name: str, weight: float) -> None:
    features[name] = features.get(name, 0.0) + weight
