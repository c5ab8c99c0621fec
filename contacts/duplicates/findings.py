"""The possible findings of a comparison, and their chances for one person, relatives, colleagues and strangers."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2
from typing import NamedTuple


class Chances(NamedTuple):
    """The share of record pairs for which something is found, by class, from 0 to 1.

    `one_person` applies to pairs that are one person, `relatives` to people who share a household, `colleagues` to
    people who share an office, and `strangers` to all others. None means the same as for strangers; for strangers, it
    means that the share depends on the data.
    """

    one_person: float
    relatives: float | None = None
    colleagues: float | None = None
    strangers: float | None = None


class Finding(NamedTuple):
    """A finding, with base-2 logarithms of how much likelier it is for each class than for strangers."""

    kind: str
    one_person: float
    relatives: float
    colleagues: float


CHANCES = {
    # Given names. Father and son rarely share one; couples and siblings never do.
    "same_given_name": Chances(0.65, relatives=0.01),
    "given_name_form": Chances(0.06),
    "given_name_initial": Chances(0.04),
    "given_name_part": Chances(0.05),
    "given_name_typo": Chances(0.12),
    "other_given_name": Chances(0.008, relatives=0.98, strangers=0.97),
    # Family names.
    "same_family_name": Chances(0.75, relatives=0.75),
    "family_name_part": Chances(0.04, relatives=0.06),
    "family_name_typo": Chances(0.13, relatives=0.02),
    "other_family_name": Chances(0.04, relatives=0.2, strangers=0.99),
    "family_name_initial": Chances(0.02, relatives=0.06),
    "swapped_names": Chances(0.04, relatives=0.04),
    "other_generation": Chances(0.001, relatives=0.5, strangers=0.02),
    # Streets. People move, and they also have an office.
    "same_street_and_number": Chances(0.6, relatives=0.85, colleagues=0.85),
    "similar_street": Chances(0.13, relatives=0.05, colleagues=0.05, strangers=0.0004),
    "same_street": Chances(0.06, relatives=0.02, colleagues=0.02),
    "other_street": Chances(0.09, relatives=0.05, colleagues=0.05, strangers=0.99),
    "other_address": Chances(0.12, relatives=0.03, colleagues=0.03, strangers=0.95),
    # Cities and postcodes.
    "same_postcode": Chances(0.7, relatives=0.9, colleagues=0.9),
    "same_city": Chances(0.7, relatives=0.9, colleagues=0.9),
    "similar_city": Chances(0.1, relatives=0.03, colleagues=0.03, strangers=0.004),
    "other_postcode": Chances(0.2, relatives=0.05, colleagues=0.05, strangers=0.6),
    "other_city": Chances(0.1, relatives=0.05, colleagues=0.05, strangers=0.95),
    # Ways to reach.
    "same_email": Chances(0.6, relatives=0.5, colleagues=0.3),
    "similar_email": Chances(0.1, relatives=0.1, colleagues=0.1, strangers=0.0005),
    "other_email": Chances(0.3, strangers=0.99),
    "same_phone": Chances(0.6, relatives=0.6, colleagues=0.5),
    "similar_phone": Chances(0.08, relatives=0.01, colleagues=0.3, strangers=0.0001),
    "other_phone": Chances(0.3, relatives=0.6, colleagues=0.7, strangers=0.99),
    "same_link": Chances(0.5, relatives=0.02, colleagues=0.3),
    # Other details.
    "same_birthday": Chances(0.85, relatives=0.4),
    "similar_birthday": Chances(0.1, strangers=0.005),
    "other_birthday": Chances(0.03, relatives=0.99, strangers=0.995),
    "same_organisation": Chances(0.5, relatives=0.1, colleagues=0.95),
    "other_organisation": Chances(0.3, relatives=0.9, colleagues=0.05, strangers=0.98),
}
"""The chances of each kind of finding. They are estimates of how address books differ, not fitted to any data set.

Where the share among strangers is missing, it depends on the value and comes from the value's frequency.
"""


def finding(kind: str, share: float | None = None) -> Finding:
    """Return the finding of this kind; `share` is its share among strangers where that depends on the value."""
    if share is None:
        return FINDINGS[kind]
    one_person, relatives, colleagues = LOGARITHMS[kind]
    strangers = log2(share)
    return Finding(
        kind,
        one_person - strangers,
        relatives - strangers if relatives is not None else 0.0,
        colleagues - strangers if colleagues is not None else 0.0,
    )


def weight(findings: Iterable[Finding]) -> float:
    """Return how much likelier all findings are for one person than for strangers, as a base-2 logarithm."""
    return sum(each.one_person for each in findings)


def _logarithms(chances: Chances) -> tuple[float, float | None, float | None]:
    one_person, relatives, colleagues, _strangers = chances
    return log2(one_person), None if relatives is None else log2(relatives), colleagues and log2(colleagues)


LOGARITHMS = {kind: _logarithms(chances) for kind, chances in CHANCES.items()}
FINDINGS = {kind: finding(kind, chances.strangers) for kind, chances in CHANCES.items() if chances.strangers}
