"""Whose birthday is near."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from contacts.models import Contact, Network

LEAP_DAY = (2, 29)


def birthdays(network: Network, *, days: int = 7, today: date | None = None) -> list[tuple[date, Contact]]:
    """The birthdays of today and the `days` after it, the nearest first; without those who have died or are archived.

    `today` is the member's date if left out. Who was born on a 29 February celebrates on 1 March in other years.
    """
    today = today or network.today()
    wanted: dict[tuple[int, int], date] = {}
    for day in (today + timedelta(days=ahead) for ahead in range(days + 1)):
        if (day.month, day.day) == (3, 1):
            wanted.setdefault(LEAP_DAY, day)
        wanted[day.month, day.day] = day
    on_one_of_them = Q()
    for month, day_of_month in wanted:
        on_one_of_them |= Q(birth_month=month, birth_day=day_of_month)
    contacts = network.contacts.filter(on_one_of_them, has_died=False, archived_at=None).order_by("sort_name")
    near = [(wanted[contact.birth_month, contact.birth_day], contact) for contact in contacts]  # type: ignore[index]
    return sorted(near, key=lambda birthday: birthday[0])
