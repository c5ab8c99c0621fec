"""Finding duplicates among plain records: selecting candidate pairs, then computing a probability and reasons.

A pair belongs to one of four classes: one person, two people of one household, two people of one office, or two
strangers. Each finding of a comparison has a different likelihood in each class. The findings are assumed to be
independent, and Bayes' rule combines them into a probability. This is the model of Fellegi and Sunter, "A Theory for
Record Linkage", JASA 64 (1969), with household and office as additional classes: otherwise an address or employer that
families and colleagues share would count as evidence that they are one person. The frequency of each class is learnt
from the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log2
from typing import Any

from contacts.duplicates.blocking import candidate_pairs
from contacts.duplicates.contradictions import contradiction
from contacts.duplicates.detail_comparison import DetailComparison
from contacts.duplicates.features import Features, features_of
from contacts.duplicates.findings import Finding, weight
from contacts.duplicates.learning import learn
from contacts.duplicates.linking import linked_pairs
from contacts.duplicates.name_comparison import NameComparison
from contacts.duplicates.place_comparison import PlaceComparison
from contacts.duplicates.records import Evidence, PersonRecord, Proposal
from contacts.people.identity import are_compatible, name_of, resemble

THRESHOLD = 0.65
"""Minimum probability of pairs that are proposed."""
HOPELESS = 8.0
"""Bits below an even chance at which a pair is dropped straight away."""
OTHER_NAMES = -10.0
"""Weight in bits below which names have nothing in common; anything else shared comes from a household or an office."""
CERTAIN = 0.95
"""Minimum probability of certain pairs, which must also share an e-mail address and contradict each other in nothing.
"""
CONTRADICTIONS = frozenset(
    {
        *("other_given_name", "given_name_typo", "other_family_name", "family_name_typo"),
        *("other_generation", "other_birthday"),
    }
)


class Comparison:
    """Comparison of any two records of a network."""

    def __init__(self, people: Sequence[Features]) -> None:
        self._people = people
        self._names = NameComparison(people)
        self._places = PlaceComparison(people)
        self._details = DetailComparison(people)

    def findings(self, pair: tuple[int, int]) -> list[Finding]:
        """Return all findings about the records at these two positions; none if the names have nothing in common."""
        one, other = self._people[pair[0]], self._people[pair[1]]
        names = self._names.compare(one, other)
        if weight(names) < OTHER_NAMES or one.is_organisation != other.is_organisation:
            return []
        places = self._places.compare(one.places, other.places)
        return [*names, *places, *self._details.compare(one, other)]


def find_duplicates(records: Iterable[PersonRecord], *, threshold: float = THRESHOLD) -> list[Proposal]:
    """Return the pairs of records that are one person with at least this probability, the likeliest first."""
    records = sorted(records, key=lambda record: record.key)
    people = [features_of(record) for record in records]
    found = compare_candidates(people)
    model = learn(len(people), list(found.values()))
    alone = {pair: model.probabilities(findings)[0] for pair, findings in found.items()}
    likely = {
        pair: probability for pair, probability in (alone | linked_pairs(alone)).items() if probability >= threshold
    }
    proposals = []
    for pair, probability in likely.items():
        evidence = [Evidence(each.kind, model.weight(each)) for each in found[pair]]
        if probability > alone[pair]:
            evidence.append(Evidence("third_contact", _log_odds(probability) - _log_odds(alone[pair])))
        proposals.append(_proposal(records, pair, probability, evidence))
    return sorted(proposals, key=lambda proposal: (-proposal.score, proposal.first, proposal.second))


def compare_candidates(people: Sequence[Features]) -> dict[tuple[int, int], list[Finding]]:
    """Return the findings about each candidate pair that is not hopeless, by positions."""
    comparison = Comparison(people)
    enough = log2(max(len(people), 2)) - HOPELESS
    compared = ((pair, comparison.findings(pair)) for pair in candidate_pairs(people))
    return {pair: findings for pair, findings in compared if weight(findings) > enough}


def _proposal(
    records: Sequence[PersonRecord], pair: tuple[int, int], probability: float, evidence: Sequence[Evidence]
) -> Proposal:
    first, second = (records[place].key for place in pair)
    kinds = {reason.kind for reason in evidence}
    is_certain = probability >= CERTAIN and "same_email" in kinds and kinds.isdisjoint(CONTRADICTIONS)
    is_certain = is_certain and not _differ(records[pair[0]], records[pair[1]])
    return Proposal(first, second, round(probability, 4), is_certain, tuple(evidence))


def _differ(one: PersonRecord, other: PersonRecord) -> bool:
    """Return whether a match has a contradiction that the comparison forgives: another year of birth, or an accent."""
    fields, other_fields = _fields(one), _fields(other)
    name, other_name = name_of(fields), name_of(other_fields)
    is_spelt_differently = resemble(name, other_name) and not are_compatible(name, other_name)
    return is_spelt_differently or bool(contradiction(fields, other_fields))


def _fields(record: PersonRecord) -> dict[str, Any]:
    year, month, day = record.birthday or (None, None, None)
    names = {name: getattr(record, name) for name in ("given_name", "family_name", "suffix", "nickname")}
    birthday = {"birth_year": year, "birth_month": month, "birth_day": day}
    return {**names, **birthday, "is_organisation": record.is_organisation}


def _log_odds(probability: float) -> float:
    certain = 1 - 1e-9
    probability = min(probability, certain)
    return log2(probability / (1 - probability))
