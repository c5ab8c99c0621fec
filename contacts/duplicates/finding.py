"""Finding duplicates among plain records: candidates by blocking, a probability from what is found, reasons.

Each pair is one person, or two of one household, two of one office, or two strangers. What a comparison finds is
likelier or unlikelier under each of these, independently as far as is assumed; Bayes' rule makes a probability of it.
Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969), with two more classes, because what families and
colleagues share would speak for one person otherwise. How common each class is, is learnt from the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contacts.duplicates.blocking import candidate_pairs
from contacts.duplicates.detail_comparison import DetailComparison
from contacts.duplicates.features import Features, features_of
from contacts.duplicates.findings import Finding
from contacts.duplicates.name_comparison import NameComparison
from contacts.duplicates.place_comparison import PlaceComparison
from contacts.duplicates.records import Evidence, Proposal, Record

THRESHOLD = 0.9
"""Pairs of at least this probability are proposed."""
ROUNDS = 5
EXPECTED = 0.1
"""So many pairs of each class, for each record, are expected before anything is known."""
MOST = 60.0
"""Beyond this, base-2 logarithms change no probability that matters, and must not overflow."""


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """How much likelier a pair's findings are than among strangers, for each class."""

    one_person: float
    relatives: float
    colleagues: float


@dataclass(slots=True)
class Priors:
    """How many pairs there are of each class for one of strangers."""

    one_person: float
    relatives: float
    colleagues: float

    def probability(self, likelihoods: Likelihoods) -> float:
        """That the pair is one person."""
        one_person = self.one_person * likelihoods.one_person
        return one_person / (one_person + self.rest(likelihoods))

    def rest(self, likelihoods: Likelihoods) -> float:
        """The weight of everything else."""
        return 1 + self.relatives * likelihoods.relatives + self.colleagues * likelihoods.colleagues


class Comparison:
    """Compares any two records of a network."""

    def __init__(self, people: Sequence[Features]) -> None:
        self._people = people
        self._names = NameComparison(people)
        self._places = PlaceComparison(people)
        self._details = DetailComparison(people)

    def findings(self, pair: tuple[int, int]) -> list[Finding]:
        """All that is found about the records at these two positions."""
        one, other = self._people[pair[0]], self._people[pair[1]]
        return [
            *self._names.compare(one.name, other.name),
            *self._places.compare(one.places, other.places),
            *self._details.compare(one, other),
        ]


def find_duplicates(records: Iterable[Record], *, threshold: float = THRESHOLD) -> list[Proposal]:
    """The pairs of records that are one person with a probability of at least `threshold`, the likeliest first."""
    records = sorted(records, key=lambda record: record.key)
    people = [features_of(record) for record in records]
    comparison = Comparison(people)
    likelihoods = {
        pair: found
        for pair in candidate_pairs(people)
        if (found := _likelihoods(comparison.findings(pair))).one_person > 1
    }
    priors = _learn(len(people), likelihoods.values())
    proposals = []
    for pair, found in likelihoods.items():
        probability = priors.probability(found)
        if probability >= threshold:
            proposals.append(_proposal(records, pair, probability, comparison.findings(pair)))
    return sorted(proposals, key=lambda proposal: (-proposal.score, proposal.first, proposal.second))


def _likelihoods(findings: Iterable[Finding]) -> Likelihoods:
    one_person = relatives = colleagues = 0.0
    for found in findings:
        one_person += found.one_person
        relatives += found.relatives
        colleagues += found.colleagues
    return Likelihoods(2 ** min(one_person, MOST), 2 ** min(relatives, MOST), 2 ** min(colleagues, MOST))


def _learn(count: int, pairs: Iterable[Likelihoods]) -> Priors:
    """The priors under which the pairs of `count` records are likeliest, by expectation maximisation."""
    pairs = list(pairs)
    all_pairs = max(count * (count - 1) / 2, 1)
    expected = EXPECTED * count
    priors = Priors(*([expected / all_pairs] * 3))
    for _round in range(ROUNDS):
        sums = [expected] * 3
        for pair in pairs:
            whole = priors.one_person * pair.one_person + priors.rest(pair)
            sums[0] += priors.one_person * pair.one_person / whole
            sums[1] += priors.relatives * pair.relatives / whole
            sums[2] += priors.colleagues * pair.colleagues / whole
        priors = Priors(*(total / 2 / all_pairs for total in sums))
    return priors


def _proposal(
    records: Sequence[Record], pair: tuple[int, int], probability: float, findings: Iterable[Finding]
) -> Proposal:
    first, second = (records[place].key for place in pair)
    evidence = tuple(Evidence(found.kind, found.one_person) for found in findings)
    return Proposal(first, second, round(probability, 4), evidence=evidence)
