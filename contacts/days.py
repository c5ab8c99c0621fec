"""Dates in words."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext


def human_day(day: date, today: date) -> str:
    """Return the day as one would say it on `today`: "today", "3 May", or "3 May 2025" if it is in another year."""
    if day == today:
        return gettext("today")
    if day == today - timedelta(days=1):
        return gettext("yesterday")
    if day == today + timedelta(days=1):
        return gettext("tomorrow")
    return format_day(day, with_year=day.year != today.year)


def format_day(day: date, *, with_year: bool) -> str:
    """Return the day in words: "3 May 2026" or "3 May"."""
    if with_year:
        return date_format(day, pgettext("format of a day with its year, see Django's date filter", "j F Y"))
    return date_format(day, pgettext("format of a day without its year, see Django's date filter", "j F"))
