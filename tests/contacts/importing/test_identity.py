"""Names that can belong to the same person, and names that can't."""

import pytest

from contacts.people.identity import are_compatible, name_of


def compatible(one: dict[str, object], other: dict[str, object]) -> bool:
    """Return whether the names are compatible, which must not depend on their order."""
    names = name_of(one), name_of(other)
    assert are_compatible(*names) == are_compatible(*reversed(names))
    return are_compatible(*names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Müller", "anna mueller"),
        ("Anna Müller", "Muller, Anna"),
        ("Anna", "Anna Müller"),
        ("A. Müller", "Anna Müller"),
        ("Anna Maria Müller", "Anna Müller"),
        ("Dr. Anna Müller", "Anna Müller"),
        ("anna@example.org", "Anna Müller"),
        ("+49 221 4710123", "Anna Müller"),
    ],
)
def test_names_of_one_person_are_compatible(one: str, other: str) -> None:
    assert compatible({"display_name": one}, {"display_name": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Ben"),
        ("Anna Müller", "Ben Müller"),
        ("Anna Müller", "Anna Berg"),
        ("B. Müller", "Anna Müller"),
        ("Hans Müller", "Hans Müller jr."),
    ],
)
def test_names_of_two_people_are_not(one: str, other: str) -> None:
    assert not compatible({"display_name": one}, {"display_name": other})


def test_family_business_is_not_the_person_of_that_name() -> None:
    assert not compatible({"display_name": "Müller", "is_organisation": True}, {"display_name": "Anna Müller"})
