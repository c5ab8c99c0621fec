"""Frequencies of values: sharing a rare name says more than sharing a common one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

PSEUDO_RECORDS = 500
"""Weight of the population's shares, as a number of records: a small network says little about frequencies."""
COMMONEST = {"family": 0.0095, "given": 0.018}
"""Share of the most common family name and given name in a country."""
FALL = {"family": 4.0, "given": 15.0}
"""Rank at which a name is half as common as the first one; beyond it, the share falls as 1/rank (Zipf)."""


class Frequencies(dict[str, float]):
    """The share of records that hold each value, among strangers: above 0, at most 1.

    Created from the values of each record. The counts are those of the network, minus the two records of the pair being
    compared, mixed with shares in the population: `known` for common values, and `expected` for any other. On term
    frequencies in record linkage see W. E. Winkler, "Frequency-Based Matching in Fellegi-Sunter Model of Record
    Linkage", US Census Bureau, 2000.
    """

    def __init__(
        self, records: Iterable[Iterable[str]], *, expected: float, known: Mapping[str, float] | None = None
    ) -> None:
        super().__init__()
        self._counts: Counter[str] = Counter()
        self._total = 0
        for values in records:
            held = {value for value in values if value}
            self._counts.update(held)
            self._total += bool(held)
        self._expected = expected
        self._known = known or {}

    def __missing__(self, value: str) -> float:
        count = max(self._counts[value] - 2, 0)
        expected = self._known.get(value, self._expected)
        share = self[value] = (count + expected * PSEUDO_RECORDS) / (self._total + PSEUDO_RECORDS)
        return share


@lru_cache(maxsize=2)
def shares_at_large(part: str) -> dict[str, float]:
    """Return the shares of common names in the population, keyed by folded name; `part` is "given" or "family"."""
    text = resources.files(__package__).joinpath("common_names.txt").read_text(encoding="utf-8")
    shares: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith(part):
            for rank, name in enumerate(line.partition(":")[2].split()):
                share = COMMONEST[part] / (1 + rank / FALL[part])
                shares[name] = max(share, shares.get(name, 0.0))
    return shares
