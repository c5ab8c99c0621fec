"""Pairs supported by a third record that resembles both of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

Pair = tuple[int, int]

LINK = 0.6
"""Minimum probability that a record is the same person as each of two others for it to link the two."""
CONCEIVABLE = 0.01
"""Probability below which pairs are not linked: a vague third record may well resemble two different people."""


def linked_pairs(probabilities: Mapping[Pair, float]) -> dict[Pair, float]:
    """Return the pairs that a third record makes likelier, with the probability that both of its links hold.

    If A is B and B is C, then A is C. Where several records link a pair, the best one counts.
    """
    links: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for (one, other), probability in probabilities.items():
        if probability >= LINK:
            links[one][other] = links[other][one] = probability
    found: dict[Pair, float] = {}
    for likenesses in links.values():
        for pair in combinations(sorted(likenesses), 2):
            both = likenesses[pair[0]] * likenesses[pair[1]]
            if CONCEIVABLE <= probabilities.get(pair, 0.0) < both:
                found[pair] = max(both, found.get(pair, 0.0))
    return found
