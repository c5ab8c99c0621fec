"""What a network's own records tell of how common duplicates and families are, and of how duplicates differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2

from contacts.duplicates.findings import CHANCES, Finding

Findings = Sequence[Finding]

ROUNDS = 8
EXPECTED = (0.1, 0.02, 0.02)
"""So many pairs of one person, of relatives and of colleagues are expected for each record before any is compared."""
FEWEST = 100
"""Among fewer records duplicates are as rare as among so many: small books are kept by hand."""
TRUST = 200
"""The table of chances weighs as much as so many pairs of the network's own."""
PARTS = {
    kind: part
    for part, kinds in {
        "given name": ("same_given", "given_name", "other_given"),
        "family name": ("same_family", "family_name", "other_family"),
        "street": ("same_street", "similar_street", "other_street"),
        "city": ("same_postcode", "same_city", "similar_city", "other_city"),
    }.items()
    for kind in CHANCES
    if kind.startswith(kinds)
}
"""The kinds of findings that exclude one another, and of which each record has one: how often each is found among
duplicates is learnt."""


@dataclass(slots=True)
class Model:
    """How likely a pair is one person, given what is found.

    Pairs of one person, of relatives and of colleagues, for one of strangers; and by how much the weight of each kind
    of finding differs from the table's, as a base-2 logarithm.
    """

    one_person: float
    relatives: float
    colleagues: float
    shifts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def weight(self, found: Finding) -> float:
        """How much likelier the finding is for one person than for strangers, as a base-2 logarithm."""
        return found.one_person + self.shifts[found.kind]

    def probabilities(self, findings: Findings) -> tuple[float, float, float]:
        """That the pair is one person, relatives, colleagues (Bayes' rule)."""
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
    """The model under which the findings about the pairs of `count` records are likeliest, near the table's.

    Expectation maximisation, as W. E. Winkler, "Using the EM Algorithm for Weight Computation in the Fellegi-Sunter
    Model of Record Linkage", US Census Bureau, 2000; the table and EXPECTED count as pairs seen before.
    """
    all_pairs = max(count, 1) * max(count - 1, FEWEST) / 2
    expected = [pairs_of_one * count for pairs_of_one in EXPECTED]
    one_person, relatives, colleagues = (number / all_pairs for number in expected)
    model = Model(one_person, relatives, colleagues)
    for _round in range(ROUNDS):
        numbers = list(expected)
        kinds: Counter[str] = Counter()
        for findings in pairs:
            probabilities = model.probabilities(findings)
            numbers = [number + probability for number, probability in zip(numbers, probabilities, strict=True)]
            for found in findings:
                kinds[found.kind] += probabilities[0]  # type: ignore[assignment]
        # Expected and seen numbers count half each.
        one_person, relatives, colleagues = (number / 2 / all_pairs for number in numbers)
        model = Model(one_person, relatives, colleagues, _shifts(kinds))
    return model


def _shifts(kinds: Counter[str]) -> defaultdict[str, float]:
    """The differences from the table's weights, from how often each kind was found among duplicates."""
    parts: Counter[str] = Counter()
    for kind, number in kinds.items():
        if kind in PARTS:
            parts[PARTS[kind]] += number
    shifts: defaultdict[str, float] = defaultdict(float)
    for kind, part in PARTS.items():
        share = CHANCES[kind].one_person
        learnt = (kinds[kind] + share * TRUST) / (parts[part] + TRUST)
        shifts[kind] = log2(learnt / share)
    return shifts
