"""An index that finds short texts similar to a phrase: TF-IDF over the features of words, compared by cosine.

Texts share words, so features are stored per word of a vocabulary, and texts as lists of words: the overlap of a text
and a phrase is the sum over the text's words. This keeps 20,000 topics in a few megabytes and makes adding a text
cheap.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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

NOWHERE = -1

# Measured with 20,000 topics.
BYTES_PER_WORD = 1_500
BYTES_PER_TEXT = 30


class Hit(NamedTuple):
    """A text that resembles a phrase, by its number; `score` is their cosine, from 0 to 1."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """The overlap of a phrase with each word of the vocabulary, and the length of the phrase's vector."""

    common: dict[int, float]
    length: float


class PhraseIndex:
    """An index of texts, which are numbered 0, 1, 2, ... in the order in which they were added."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._vocabulary: dict[str, int] = {}
        self._lengths = array("f")  # of each word's vector
        self._texts: list[array[int]] = []  # that hold each word
        self._inverse_lengths = array("f")  # of each text's vector
        self._features = _Features()
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
            word = self._vocabulary[form]
            self._features.count(word, 1)
            self._lengths[word] = self._features.length(word, len(self))
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
            rarity = self._features.rarity(name, len(self))
            squares += (weight * rarity) ** 2
            factor = weight * rarity * rarity
            for word, share in self._features.words_with(name):
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
        weights = features_of(form).items()
        return sqrt(sum((weight * self._features.rarity(name, len(self))) ** 2 for name, weight in weights))

    def _place(self, forms: list[str]) -> int:
        number = len(self._inverse_lengths)
        self._inverse_lengths.append(0.0)
        for form in forms:
            if form not in self._vocabulary:
                self._learn(form)
            self._texts[self._vocabulary[form]].append(number)
        return number

    def _learn(self, form: str) -> None:
        self._vocabulary[form] = len(self._vocabulary)
        self._texts.append(array("I"))
        self._lengths.append(0.0)
        self._features.add_word(features_of(form))

    def _weigh(self) -> None:
        """Compute the rarity of all features over all texts, and the vector lengths that depend on it."""
        for word, numbers in enumerate(self._texts):
            self._features.count(word, len(numbers))
        totals = [0.0] * len(self)
        for word, numbers in enumerate(self._texts):
            self._lengths[word] = length = self._features.length(word, len(self))
            for number in numbers:
                totals[number] += length**NORM
        self._inverse_lengths = array("f", (total ** (-1 / NORM) if total else 0.0 for total in totals))


class _Features:
    """The features of numbered words, in a few flat arrays: an object for each would burden the garbage collector.

    The features of a word, by number, and their weights in it are stored in adjacent entries, which begin at `_starts`.
    Each entry points to the previous one of the same feature, and `_latest` to the last one. `_texts` counts the texts
    that contain a feature.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts = array("I")
        self._latest = array("i")
        self._starts = array("I", [0])
        self._features = array("I")
        self._weights = array("f")
        self._words = array("I")
        self._previous = array("i")

    def add_word(self, weights: Mapping[str, float]) -> None:
        """Add the next word, with the weights of its features."""
        word = len(self._starts) - 1
        for name, weight in weights.items():
            feature = self._numbers.setdefault(name, len(self._numbers))
            if feature == len(self._latest):
                self._latest.append(NOWHERE)
                self._texts.append(0)
            self._previous.append(self._latest[feature])
            self._latest[feature] = len(self._words)
            self._features.append(feature)
            self._weights.append(weight)
            self._words.append(word)
        self._starts.append(len(self._words))

    def count(self, word: int, texts: int) -> None:
        """Add a number of texts that contain the word to the counts of its features."""
        for feature in self._features[self._starts[word] : self._starts[word + 1]]:
            self._texts[feature] += texts

    def words_with(self, name: str) -> Iterator[tuple[int, float]]:
        """Yield the words that have a feature, with its weight in each."""
        entry = self._latest[self._numbers[name]] if name in self._numbers else NOWHERE
        while entry != NOWHERE:
            yield self._words[entry], self._weights[entry]
            entry = self._previous[entry]

    def rarity(self, name: str, texts: int) -> float:
        """Return the inverse document frequency of a feature among this many texts."""
        return _rarity(self._texts[self._numbers[name]] if name in self._numbers else 0, texts)

    def length(self, word: int, texts: int) -> float:
        """Return the length of a word's vector, whose features are weighted by their rarity among this many texts."""
        start, stop = self._starts[word], self._starts[word + 1]
        return sqrt(
            sum(
                (weight * _rarity(self._texts[feature], texts)) ** 2
                for feature, weight in zip(self._features[start:stop], self._weights[start:stop], strict=True)
            )
        )


def _rarity(containing: int, texts: int) -> float:
    """Return the inverse document frequency of something that `containing` of the texts contain.

    That number is capped, because a feature of two words in the same text counts twice.
    """
    return log((1 + texts) / (1 + min(containing, texts))) + 1


def _forms(text: str) -> list[str]:
    return list(dict.fromkeys(word.form for word in words_of(text)))
