"""The probability that a text answers a need: a logistic model of a few features, with weights in calibration.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import exp, inf, log
from typing import NamedTuple

RIVALS = slice(1, 6)
"""The ranks of the rivals: the further a text is ahead of these five, the likelier it answers the need."""


class Features(NamedTuple):
    """The features of a need and a text that may answer it.

    `cosines` has one per engine. `rivals` is the nearness of other texts (`rivals_of`). `answered` is the share of the
    need's words that the text covers, `named` that of the text's words that the need covers. Lengths are in words.
    """

    cosines: tuple[float, ...]
    rivals: float
    answered: float
    named: float
    need_length: int
    text_length: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a logistic model: the base, one for each engine, and those of the other features in their order.

    `least_rivals` is the minimum for `rivals`. Without it, somebody would always seem to be far ahead in a small
    network.
    """

    base: float
    of_cosines: tuple[float, ...]
    of_lead: float
    of_overlaps: tuple[float, float]
    of_lengths: tuple[float, float]
    least_rivals: float

    def most(self, features: Features) -> float:
        """Return the highest probability that these features allow, whatever words the two texts have in common."""
        answered, named = (float(weight > 0) for weight in self.of_overlaps)
        return self.probability(features._replace(answered=answered, named=named))

    def probability(self, features: Features) -> float:
        """Return the probability that a text answers the need, 0 to 1."""
        lead = sum(features.cosines) - max(features.rivals, self.least_rivals)
        # The tenth word of a text adds less than the second.
        lengths = (log(max(1, features.need_length)), log(max(1, features.text_length)))
        weighted = [
            *zip(self.of_cosines, features.cosines, strict=True),
            (self.of_lead, lead),
            *zip(self.of_overlaps, (features.answered, features.named), strict=True),
            *zip(self.of_lengths, lengths, strict=True),
        ]
        return 1 / (1 + exp(-self.base - sum(weight * value for weight, value in weighted)))


def rivals_of(nearness: Collection[float]) -> float:
    """Return the mean nearness of the rivals, given the sums of cosines of all texts, or of the nearest."""
    some = sorted(nearness, reverse=True)[RIVALS]
    return sum(some) / len(some) if some else -inf
