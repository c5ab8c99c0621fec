"""Dates in every notation found in files."""

from __future__ import annotations

import datetime

import pytest

from contacts.cards import PartialDate
from contacts.files.dates import full_date, is_unset, partial_date


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("1975-12-12", 1975, 12, 12),
        ("19751212", 1975, 12, 12),
        ("1975-12-12T10:00:00Z", 1975, 12, 12),
        ("--0307", None, 3, 7),
        (" --03-07", None, 3, 7),
        ("1604-04-07", None, 4, 7),
        ("--0229", None, 2, 29),
        ("10.9.2007", 2007, 9, 10),
        ("31/12/1990", 1990, 12, 31),
        ("12/31/1990", 1990, 12, 31),
        ("4/1/1981", 1981, 1, 4),
        ("24.12.", None, 12, 24),
        ("05 Mar 2024", 2024, 3, 5),
        ("7-Feb-22", 2022, 2, 7),
        ("03. März 2021", 2021, 3, 3),
        ("March 7, 1980", 1980, 3, 7),
        ("Fri, 7 Mar 1980", 1980, 3, 7),
        ("Freitag, 7. März 1980", 1980, 3, 7),
        ("Fri Mar 7, 1980", 1980, 3, 7),
    ],
)
def test_partial_date_reads_spelling(text: str, year: int | None, month: int, day: int) -> None:
    assert partial_date(text) == PartialDate(month, day, year)


@pytest.mark.parametrize(
    "text", ["", "1985", "---12", "1985-04", "1985-02-30", "13/13/1999", "circa 1800", "0001-01-01"]
)
def test_partial_date_refuses_what_is_no_day(text: str) -> None:
    assert partial_date(text) is None


def test_partial_date_puts_the_month_first_if_told_so() -> None:
    assert partial_date("4/1/1981", month_first=True) == PartialDate(4, 1, 1981)
    assert partial_date("4.1.1981", month_first=True) == PartialDate(1, 4, 1981)


def test_full_date_needs_a_year() -> None:
    assert (full_date("2024-02-29"), full_date("--02-29")) == (datetime.date(2024, 2, 29), None)


@pytest.mark.parametrize(
    ("text", "expected"), [("0/0/00", True), ("1/1/4501", True), ("0.0.00", True), ("1/2/2003", False)]
)
def test_unset_date_is_told(text: str, expected: bool) -> None:
    assert is_unset(text) is expected
