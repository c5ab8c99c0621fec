"""Two birthdays as evidence that two contacts are, or are not, the same person."""

from __future__ import annotations

import pytest

from contacts.duplicates.detail_comparison import _compare_birthdays
from contacts.duplicates.findings import weight as weight_of
from contacts.duplicates.records import Birthday


def weight(one: Birthday, other: Birthday) -> float:
    """Return the weight, in bits, of the evidence that the birthdays of two strangers give."""
    return weight_of(_compare_birthdays(one, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [((1980, 1, 1), (1980, 1, 1)), ((None, 1, 1), (None, 1, 1)), ((1980, 1, 1), (None, 1, 1))],
)
def test_first_of_january_weighs_little(one: Birthday, other: Birthday) -> None:
    assert 0 < weight(one, other) < 3


@pytest.mark.parametrize("year", [1980, None])
def test_other_days_weigh_much(year: int | None) -> None:
    assert weight((year, 6, 2), (year, 6, 2)) > 5


@pytest.mark.parametrize(
    ("one", "other"), [((1980, 1, 1), (1980, 6, 2)), ((None, 1, 1), (None, 6, 2)), ((1980, 6, 2), (None, 1, 1))]
)
def test_first_of_january_contradicts_no_other_day(one: Birthday, other: Birthday) -> None:
    assert weight(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"), [((1950, 1, 1), (1980, 6, 2)), ((1950, 1, 1), (1980, 1, 1)), ((1980, 6, 2), (1980, 7, 13))]
)
def test_other_years_and_days_contradict(one: Birthday, other: Birthday) -> None:
    assert weight(one, other) < 0
