"""Dates as they occur in contact files."""

from __future__ import annotations

import datetime
import re

from contacts.cards import PartialDate

NO_YEAR = 1604
"""The year that Apple writes for a birthday without a year: the first leap year of its calendar."""

UNSET = ("1/1/4501", "01/01/4501", "1.1.4501", "01.01.4501", "4501-01-01")
"""The day that Outlook writes for an empty date."""

EARLIEST_YEAR, LATEST_YEAR = 1800, 2200

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner jaenner",
            "feb february februar feber",
            "mar march mär märz mrz maerz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}

ISO = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
ISO_LOOSE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
WEEKDAY = re.compile(r"\A(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[^\W\d_]*[.,]*\s+", re.IGNORECASE)
NO_YEAR_ISO = re.compile(r"--([0-9]{1,2})-?([0-9]{2})(?![0-9])")
NUMBERS = re.compile(r"([0-9]{1,2})([-/.])\s?([0-9]{1,2})(?:[-/.]\s?([0-9]{4}|[0-9]{2})?)?(?![0-9])")
DAY_MONTH_NAME = re.compile(r"([0-9]{1,2})[-. ]{1,3}([^\W\d_]{3,12})[-., ]{0,3}([0-9]{4}|[0-9]{2})?(?![0-9])")
MONTH_NAME_DAY = re.compile(r"([^\W\d_]{3,12})[. ]{1,2}([0-9]{1,2})(?:[, ]{1,2}([0-9]{4}))?(?![0-9])")


def partial_date(text: str, *, month_first: bool = False) -> PartialDate | None:
    """Returns a day, with or without its year, or None if the text is not a real day.

    ``month_first`` says how to read ``3/4/1980``; with dots the day always comes first, and a number above 12 decides.
    """
    text = text.strip()[:40]
    if text[:1].isalpha():
        text = WEEKDAY.sub("", text)
    if found := ISO.match(text) or ISO_LOOSE.match(text):
        return _date(found[1], found[2], found[3])
    if found := NO_YEAR_ISO.match(text):
        return _date(None, found[1], found[2])
    if found := NUMBERS.match(text):
        first, separator, second, year = found.groups()
        swapped = separator != "." and ((month_first and int(first) <= 12) or int(second) > 12)
        return _date(year, first, second) if swapped else _date(year, second, first)
    if found := DAY_MONTH_NAME.match(text):
        return _date(found[3], MONTHS.get(found[2].lower()), found[1])
    if found := MONTH_NAME_DAY.match(text):
        return _date(found[3], MONTHS.get(found[1].lower()), found[2])
    return None


def full_date(text: str, *, month_first: bool = False) -> datetime.date | None:
    """Returns a day with its year, or None."""
    found = partial_date(text, month_first=month_first)
    if found is None or found.year is None:
        return None
    return datetime.date(found.year, found.month, found.day)


def is_unset(text: str) -> bool:
    """Returns whether the text means "no date", as programs write it: zeros only, or Outlook's day in 4501."""
    return not text.strip("0/-.:T Z") or text.startswith(UNSET)


def _date(year: str | None, month: str | int | None, day: str) -> PartialDate | None:
    if month is None:
        return None
    number = int(year) if year else 0
    if year and len(year) == 2:
        number += 2000 if number <= datetime.datetime.now(datetime.UTC).year % 100 else 1900
    if number not in (0, NO_YEAR) and not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return None
    try:
        return PartialDate(int(month), int(day), None if number in (0, NO_YEAR) else number)
    except ValueError:
        return None
