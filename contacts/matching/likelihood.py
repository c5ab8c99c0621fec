"""How likely a text answers a need: a logistic model of few features, whose weights are in calibration.py."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple


class Features(NamedTuple):
    """What a need and a text that may answer it have in common.

    `cosines` has one per engine. `answered` is the share of the need's words that the text covers, `named` that of the
    text's words that the need covers. The lengths count all words.
    """

    cosines: tuple[float, ...]
    answered: float
    named: float
    need_length: int
    text_length: int

    @property
    def values(self) -> list[float]:
        """The numbers that are weighted. What the tenth word adds is less than what the second does."""
        lengths = [log(max(1, self.need_length)), log(max(1, self.text_length))]
        return [*self.cosines, self.answered, self.named, *lengths]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a logistic model, in the order of `Features.values`."""

    base: float
    of_values: tuple[float, ...]

    def probability(self, features: Features) -> float:
        """Return how likely a text answers the need, 0 to 1."""
        total = self.base + sum(weight * value for weight, value in zip(self.of_values, features.values, strict=True))
        return 1 / (1 + exp(-total))
