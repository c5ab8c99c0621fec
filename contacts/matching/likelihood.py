"""How likely a text answers a need: a logistic model of few features, whose weights are in calibration.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import exp, inf, log
from typing import NamedTuple

RIVALS = slice(1, 6)
"""The places of rivals: a text is the likelier to answer a need, the nearer it is than the next five."""


class Features(NamedTuple):
    """What a need and a text that may answer it have in common.

    `cosines` has one per engine. `rivals` is how near others are (`rivals_of`). `answered` is the share of the need's
    words that the text covers, `named` that of the text's words that the need covers. The lengths count all words.
    """

    cosines: tuple[float, ...]
    rivals: float
    answered: float
    named: float
    need_length: int
    text_length: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a logistic model: the base, one for each engine, and for the other features in their order.

    `least_rivals` is taken for rivals that are further away. Else, of a few people that a member knows, somebody would
    always seem to be far ahead of the others.
    """

    base: float
    of_cosines: tuple[float, ...]
    of_lead: float
    of_overlaps: tuple[float, float]
    of_lengths: tuple[float, float]
    least_rivals: float

    def most(self, features: Features) -> float:
        """Return how likely a text answers the need at most, whatever words the two have in common."""
        answered, named = (float(weight > 0) for weight in self.of_overlaps)
        return self.probability(features._replace(answered=answered, named=named))

    def probability(self, features: Features) -> float:
        """Return how likely a text answers the need, 0 to 1."""
        lead = sum(features.cosines) - max(features.rivals, self.least_rivals)
        # What the tenth word of a text adds is less than what the second does.
        lengths = (log(max(1, features.need_length)), log(max(1, features.text_length)))
        weighted = [
            *zip(self.of_cosines, features.cosines, strict=True),
            (self.of_lead, lead),
            *zip(self.of_overlaps, (features.answered, features.named), strict=True),
            *zip(self.of_lengths, lengths, strict=True),
        ]
        return 1 / (1 + exp(-self.base - sum(weight * value for weight, value in weighted)))


def rivals_of(nearness: Collection[float]) -> float:
    """Return how near the rivals are, given the sums of cosines of all texts, or of the nearest."""
    some = sorted(nearness, reverse=True)[RIVALS]
    return sum(some) / len(some) if some else -inf
