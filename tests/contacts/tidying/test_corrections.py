"""Proposed corrections of numbers and addresses that cannot be right."""

import pytest

from contacts.cards import Way
from contacts.models import Network, WayToReach
from contacts.people.directory import add_contact
from contacts.tidying.corrections import doubtful_ways, proposed_correction


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("phone", "O170 l234567", "+49 170 1234567"),
        ("phone", "O17O l2345670", "+49 170 12345670"),
        ("phone", "0170-1234567 (Büro)", "+49 170 1234567"),
        ("phone", "nobody", None),
        ("email", "anna (at) example.org", "anna@example.org"),
        ("email", "Anna <anna@example.org>", "anna@example.org"),
        ("email", "nobody", None),
    ],
)
def test_correction_is_what_was_probably_meant(kind: str, value: str, meant: str | None) -> None:
    correction = proposed_correction(WayToReach(kind=kind, value=value), region="DE")
    assert (correction and correction.value) == meant


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "0170 1234567 / 0171 2345678"),
        ("phone", "(0170) 1234567 oder 030 1234567"),
        ("email", "Anna <anna@example.org>, Ben <ben@example.org>"),
    ],
)
def test_correction_of_several_in_one_would_lose_some(kind: str, value: str) -> None:
    assert proposed_correction(WayToReach(kind=kind, value=value), region="DE") is None


def test_numbers_with_letters_for_digits_are_doubtful(network: Network) -> None:
    """They can be normalised nonetheless: without the letters, or with the digits of a phone keypad."""
    right = ["0170 1234567", "+49 170 1234567 ext. 5", "0800 FLOWERS"]
    wrong = ["O170 l234567", "O17O l234567"]
    add_contact(network, display_name="Anna", ways=[Way("phone", value) for value in [*right, *wrong]])
    assert [way.value for way in doubtful_ways(network).order_by("pk")] == wrong
