"""Pairs that a third record speaks for: it is like both of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

Pair = tuple[int, int]

LINK = 0.6
"""A third record links two from this probability of being one person with each of them."""
CONCEIVABLE = 0.01
"""Pairs below this probability are not linked: a third one that tells little may well be like two who are not one."""


def linked_pairs(probabilities: Mapping[Pair, float]) -> dict[Pair, float]:
    """The pairs that some third record makes likelier, with the probability that both of its links hold.

    If one is the second and the second is the third, then one is the third; where several records link a pair, the
    best one counts.
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
