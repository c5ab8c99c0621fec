"""Learning from a network's own records: the frequency of duplicates and families, and how duplicates differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from contacts.duplicates.findings import CHANCES, Finding

Findings = Sequence[Finding]
Pattern = frozenset[str]
Shifts = defaultdict[str, float]

ROUNDS = 8
EXPECTED = (0.1, 0.02, 0.02)
"""Expected pairs per record before any comparison: of one person, of relatives, of colleagues."""
PRIOR_RECORDS = 500
"""Weight of the expectation, as a number of records."""
FEWEST = 100
"""Records below which duplicates are not expected to become more common, because small books are kept by hand."""
TRUST = 200
"""Weight of the table of chances, as a number of the network's own pairs."""


def _kinds(*beginnings: str) -> frozenset[str]:
    return frozenset(kind for kind in CHANCES if kind.startswith(beginnings))


GIVEN_NAMES = _kinds("same_given", "given_name", "other_given")
FAMILY_NAMES = _kinds("same_family", "family_name", "other_family")
STREETS = _kinds("same_street", "similar_street", "other_street")
CITIES = _kinds("same_postcode", "same_city", "similar_city", "other_city")
EMAILS = _kinds("same_email", "similar_email", "other_email")
PHONES = _kinds("same_phone", "similar_phone", "other_phone")
MOVED = _kinds("other_address")
LEARNT = (
    *((kinds, kinds) for kinds in (GIVEN_NAMES, FAMILY_NAMES, STREETS, CITIES, EMAILS, PHONES)),
    (MOVED, STREETS | CITIES | MOVED),
)
"""Kinds of findings whose frequency among duplicates is learnt, each with the kinds that show an opportunity for them.

A pair could have had a finding of the first kinds only if it has at least one of the second.
"""


@dataclass(slots=True)
class Model:
    """A model of the probability that a pair is one person, given the findings.

    The numbers are pairs of one person, of relatives and of colleagues per pair of strangers. `shifts` says how far the
    weight of each kind of finding differs from the table, as a base-2 logarithm.
    """

    one_person: float
    relatives: float
    colleagues: float
    shifts: Shifts = field(default_factory=lambda: defaultdict(float))

    def weight(self, found: Finding) -> float:
        """Return how much likelier the finding is for one person than for strangers, as a base-2 logarithm."""
        return found.one_person + self.shifts[found.kind]

    def probabilities(self, findings: Findings) -> tuple[float, float, float]:
        """Return the probabilities that the pair is one person, relatives, or colleagues (Bayes' rule)."""
        classes = (
            log2(self.one_person) + sum(self.weight(found) for found in findings),
            log2(self.relatives) + sum(found.relatives for found in findings),
            log2(self.colleagues) + sum(found.colleagues for found in findings),
        )
        # Only the differences matter, and the powers must not overflow.
        most = max(0.0, *classes)
        one_person, relatives, colleagues = (2 ** (each - most) for each in classes)
        whole = one_person + relatives + colleagues + 2**-most
        return one_person / whole, relatives / whole, colleagues / whole


def learn(count: int, pairs: Sequence[Findings]) -> Model:
    """Return the model under which the findings about the pairs of `count` records are likeliest.

    Expectation maximisation as in W. E. Winkler, "Using the EM Algorithm for Weight Computation in the Fellegi-Sunter
    Model of Record Linkage", US Census Bureau, 2000. The table and EXPECTED count as pairs already seen, which keeps
    the model near the table.
    """
    all_pairs = max(count, 1) * max(count - 1, FEWEST) / 2
    expected = [pairs_of_one * PRIOR_RECORDS for pairs_of_one in EXPECTED]
    # The expected pairs count as seen among PRIOR_RECORDS records.
    scale = max(count, 1) / (PRIOR_RECORDS + count) / all_pairs
    one_person, relatives, colleagues = (pairs_of_one * max(count, 1) / all_pairs for pairs_of_one in EXPECTED)
    model = Model(one_person, relatives, colleagues)
    found = [frozenset(each.kind for each in findings) for findings in pairs]
    for _round in range(ROUNDS):
        numbers = list(expected)
        patterns: defaultdict[Pattern, float] = defaultdict(float)
        for findings, pattern in zip(pairs, found, strict=True):
            probabilities = model.probabilities(findings)
            numbers = [number + probability for number, probability in zip(numbers, probabilities, strict=True)]
            patterns[pattern] += probabilities[0]
        one_person, relatives, colleagues = (number * scale for number in numbers)
        model = Model(one_person, relatives, colleagues, _shifts(patterns))
    return model


def _shifts(patterns: Mapping[Pattern, float]) -> Shifts:
    """Return the differences from the table's weights, given how many duplicates have which findings."""
    shifts: Shifts = defaultdict(float)
    for kinds, occasions in LEARNT:
        whole = sum(number for pattern, number in patterns.items() if pattern & occasions)
        for kind in kinds:
            seen = sum(number for pattern, number in patterns.items() if kind in pattern)
            share = CHANCES[kind].one_person
            shifts[kind] = log2((seen + share * TRUST) / (whole + TRUST) / share)
    return shifts
