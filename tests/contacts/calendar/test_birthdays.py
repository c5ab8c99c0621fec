"""The birthdays of the next days."""

from __future__ import annotations

from datetime import date

import pytest

from contacts.calendar.birthdays import birthdays
from contacts.models import Network
from contacts.people.directory import add_contact


@pytest.mark.parametrize(
    ("today", "days", "celebrated"),
    [
        (date(2028, 2, 28), 7, date(2028, 2, 29)),
        (date(2028, 2, 29), 0, date(2028, 2, 29)),
        (date(2028, 3, 1), 7, None),
        (date(2028, 3, 1), 0, None),
        (date(2028, 2, 23), 7, date(2028, 2, 29)),
        (date(2027, 2, 28), 7, date(2027, 3, 1)),
        (date(2027, 3, 1), 0, date(2027, 3, 1)),
        (date(2027, 3, 2), 7, None),
        (date(2027, 2, 28), 0, None),
        (date(2100, 3, 1), 0, date(2100, 3, 1)),
        (date(2000, 3, 1), 0, None),
        (date(2027, 12, 31), 70, date(2028, 2, 29)),
    ],
)
def test_born_on_the_leap_day_is_celebrated_once_a_year(
    network: Network, today: date, days: int, celebrated: date | None
) -> None:
    add_contact(network, given_name="Leo", birth_year=1996, birth_month=2, birth_day=29)
    found = [day for day, _contact in birthdays(network, days=days, today=today)]
    assert found == ([celebrated] if celebrated else [])
