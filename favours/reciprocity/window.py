"""The window of a summary: a calendar month and the eleven before it, in the member's own calendar days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 12


@dataclass(frozen=True)
class Window:
    """The days from `first` to `last`, inclusive: eleven whole months, and the last month up to the as-of day."""

    first: date
    last: date

    @classmethod
    def ending(cls, as_of: date) -> Window:
        """Returns the window of a summary as of that day."""
        return cls(months_back(as_of, MONTHS - 1), as_of)

    @property
    def months(self) -> list[date]:
        """The first day of each of the twelve months, the earliest first."""
        return [months_back(self.last, back) for back in reversed(range(MONTHS))]


def months_back(day: date, months: int) -> date:
    """Returns the first day of the month that is `months` months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def month_end(day: date) -> date:
    """Returns the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def last_complete_month(as_of: date, *, running: bool) -> date:
    """Returns the last day of the month that F4 and F5 are about.

    On the last day of a month that month counts as complete, except for the `running` summary: its day isn't over.
    """
    if as_of == month_end(as_of) and not running:
        return as_of
    return as_of.replace(day=1) - timedelta(days=1)
