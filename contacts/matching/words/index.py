"""An index that finds short texts similar to a phrase: TF-IDF over the features of words, compared by cosine.

Texts share words, so features are stored per word of a vocabulary, and texts as lists of words: what a text has in
common with a phrase is the sum over its words. This keeps 20,000 topics in a few megabytes and makes adding a text
cheap.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest
from math import log, sqrt
from typing import NamedTuple

from contacts.matching.words.features import features_of
from contacts.matching.words.phrases import words_of

NORM = 1.6
"""Exponent of the norm that combines the lengths of a text's words; it would be 2 if words never shared features."""

LEAST_LIKENESS = 0.01
"""Minimum share of a phrase's own weight that a word must have in common with it to be considered."""

# Measured with 20,000 topics.
BYTES_PER_WORD = 1_500
BYTES_PER_TEXT = 30


class Hit(NamedTuple):
    """A text that resembles a phrase, by its number; `score` is their cosine, from 0 to 1."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """What each word of the vocabulary has in common with a phrase, and the length of the phrase's vector."""

    common: dict[int, float]
    length: float


class _Feature:
    """The words that have a feature, its weight in each of them, and the number of texts that contain it."""

    __slots__ = ("texts", "weights", "words")

    def __init__(self) -> None:
        self.words = array("I")
        self.weights = array("f")
        self.texts = 0


class PhraseIndex:
    """Texts numbered 0, 1, 2, ... in the order in which they were added."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._features: defaultdict[str, _Feature] = defaultdict(_Feature)
        self._vocabulary: dict[str, int] = {}
        self._lengths = array("f")  # of each word's vector
        self._texts: list[array[int]] = []  # that hold each word
        self._inverse_lengths = array("f")  # of each text's vector
        for text in texts:
            self._place(_forms(text))
        self._weigh()

    def __len__(self) -> int:
        return len(self._inverse_lengths)

    def add(self, text: str) -> int:
        """Add one text and return its number. The weights of earlier texts stay as they are."""
        forms = _forms(text)
        number = self._place(forms)
        for form in forms:
            features = features_of(form)
            for name in features:
                self._features[name].texts += 1
            self._lengths[self._vocabulary[form]] = sqrt(
                sum((weight * self._rarity(self._features[name])) ** 2 for name, weight in features.items())
            )
        total: float = sum(self._lengths[self._vocabulary[form]] ** NORM for form in forms)
        self._inverse_lengths[number] = total ** (-1 / NORM) if total else 0.0
        return number

    def withdraw(self, number: int) -> None:
        """Remove a text from the results of future searches."""
        self._inverse_lengths[number] = 0.0

    def size(self) -> int:
        """Return the approximate size of the index in bytes."""
        return BYTES_PER_WORD * len(self._vocabulary) + BYTES_PER_TEXT * len(self)

    def likeness(self, phrase: str) -> Likeness:
        """Compare a phrase with the vocabulary."""
        weights: defaultdict[str, float] = defaultdict(float)
        for form in _forms(phrase):
            for name, weight in features_of(form).items():
                weights[name] += weight
        common: defaultdict[int, float] = defaultdict(float)
        squares = 0.0
        for name, weight in weights.items():
            feature = self._features.get(name)
            rarity = self._rarity(feature)
            squares += (weight * rarity) ** 2
            if feature:
                factor = weight * rarity * rarity
                for word, share in zip(feature.words, feature.weights, strict=True):
                    common[word] += factor * share
        least = LEAST_LIKENESS * squares
        return Likeness({word: value for word, value in common.items() if value > least}, sqrt(squares))

    def best(self, likeness: Likeness, limit: int, accepts: Callable[[int], bool] = lambda number: True) -> list[Hit]:
        """Return at most `limit` texts with an accepted number that are most like a phrase, the best first."""
        common: defaultdict[int, float] = defaultdict(float)
        for word, share in likeness.common.items():
            for number in self._texts[word]:
                common[number] += share
        found = (
            (share * self._inverse_lengths[number], -number) for number, share in common.items() if accepts(number)
        )
        best = nlargest(limit, found)
        return [Hit(-number, min(1.0, score / likeness.length)) for score, number in best if score > 0]

    def weights(self, text: str) -> dict[str, float]:
        """Return the distinct words of a text, in comparable form, with the lengths of their vectors."""
        return {form: self._length(form) for form in _forms(text)}

    def _length(self, form: str) -> float:
        if form in self._vocabulary:
            return self._lengths[self._vocabulary[form]]
        squares = ((weight * self._rarity(self._features.get(name))) ** 2 for name, weight in features_of(form).items())
        return sqrt(sum(squares))

    def _place(self, forms: list[str]) -> int:
        number = len(self._inverse_lengths)
        self._inverse_lengths.append(0.0)
        for form in forms:
            if form not in self._vocabulary:
                self._learn(form)
            self._texts[self._vocabulary[form]].append(number)
        return number

    def _learn(self, form: str) -> None:
        word = self._vocabulary[form] = len(self._vocabulary)
        self._texts.append(array("I"))
        self._lengths.append(0.0)
        for name, weight in features_of(form).items():
            feature = self._features[name]
            feature.words.append(word)
            feature.weights.append(weight)

    def _weigh(self) -> None:
        """Compute the rarity of all features over all texts, and the vector lengths that depend on it."""
        squares = [0.0] * len(self._vocabulary)
        for feature in self._features.values():
            feature.texts = sum(len(self._texts[word]) for word in feature.words)
            rarity = self._rarity(feature)
            for word, weight in zip(feature.words, feature.weights, strict=True):
                squares[word] += (weight * rarity) ** 2
        self._lengths = array("f", map(sqrt, squares))
        totals = [0.0] * len(self)
        for word, numbers in enumerate(self._texts):
            for number in numbers:
                totals[number] += self._lengths[word] ** NORM
        self._inverse_lengths = array("f", (total ** (-1 / NORM) if total else 0.0 for total in totals))

    def _rarity(self, feature: _Feature | None) -> float:
        """Return the inverse document frequency.

        The number of texts is capped, because a feature of two words in the same text counts twice.
        """
        texts = min(feature.texts, len(self)) if feature else 0
        return log((1 + len(self)) / (1 + texts)) + 1


def _forms(text: str) -> list[str]:
    return list(dict.fromkeys(word.form for word in words_of(text)))
