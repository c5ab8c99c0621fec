"""Contradictions that keep two contacts apart whatever else they share."""

from typing import Any

import pytest

from contacts.duplicates.contradictions import contradiction


def person(name: str = "", born: tuple[int | None, int, int] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the fields of a contact; the last word of `name` is the family name."""
    given, _blank, family = name.rpartition(" ")
    year, month, day = born or (None, None, None)
    return {
        "given_name": given,
        "family_name": family,
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
    } | fields


def of(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return the contradiction, which must not depend on the order."""
    found = contradiction(one, other)
    assert contradiction(other, one) == found
    return found


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (person("Hans Berg", (1950, 3, 4)), person("Hans Berg", (1980, 3, 4)), "other_birthday"),
        (person("Hans Berg", (1950, 3, 4)), person("Hans Berg", (1950, 4, 3)), "other_birthday"),
        (person("Hans Berg", (None, 3, 4)), person("Hans Berg", (1950, 3, 5)), "other_birthday"),
        (person("Hans Berg"), person("Hans Berg", suffix="jun."), "other_generation"),
        (person("Hans Berg", suffix="sen."), person("Hans Berg", suffix="jun."), "other_generation"),
        (person("Hans Berg II"), person("Hans Berg III"), "other_generation"),
        (person("Anna Berg"), person("Ben Berg"), "other_given_name"),
        (person("Julia Berg"), person("Julian Berg"), "other_given_name"),
        (person("Anna Berg"), {"display_name": "Ben Berg"}, "other_given_name"),
        (person("Anna Maria Berg"), person("Eva Lena Berg"), "other_given_name"),
        (person("B. Berg"), person("Anna Berg"), "other_given_name"),
        (person("Anna Berg"), {"display_name": "Ben"}, "other_given_name"),
    ],
)
def test_two_people_contradict_each_other(one: dict[str, Any], other: dict[str, Any], kind: str) -> None:
    assert of(one, other) == kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Hans Berg", (1950, 3, 4)), person("Hans Berg", (None, 3, 4))),
        (person("Hans Berg", (1950, 3, 4)), person("Hans Berg")),
        (person("Anna Berg"), person("Anna Tal")),
        (person("Robert Berg"), person("Bob Berg")),
        (person("Katharina Berg"), person("Berg", nickname="Kathi")),
        (person("Birgit Berg", nickname="Anna"), person("Anna Berg")),
        (person("Anna Maria Berg"), person("Maria Tal")),
        (person("A. Berg"), person("Anna Tal")),
        (person("Berg Anna"), person("Anna Berg")),
        (person("Xaviera Berg"), person("Xavirea Berg")),
        (person("Dr. Anna Berg"), person("Anna Berg")),
        (person("Anna Berg"), {"display_name": "anna@example.org"}),
        (person("Anna Berg"), {"display_name": "Berg GmbH", "is_organisation": True}),
        (person("Anna Berg"), {}),
    ],
)
def test_one_person_is_not_contradicted(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert of(one, other) == ""
