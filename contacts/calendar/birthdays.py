"""Upcoming birthdays."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q

from contacts.models import Contact, Network

LEAP_DAY = (2, 29)


def birthdays(network: Network, *, days: int = 7, today: date | None = None) -> list[tuple[date, Contact]]:
    """Return the birthdays of today and the next `days` days, the nearest first, without dead and archived contacts.

    `today` defaults to the member's date. Birthdays on 29 February fall on 1 March in other years.
    """
    return birthdays_of([network], days=days, today=today or network.today())[network]


def birthdays_of(
    networks: Collection[Network], *, days: int = 7, today: date
) -> dict[Network, list[tuple[date, Contact]]]:
    """Return the upcoming birthdays of several networks in whose time zones it is the same day. Takes one query."""
    wanted: dict[tuple[int, int], date] = {}
    for day in (today + timedelta(days=ahead) for ahead in range(days + 1)):
        if (day.month, day.day) == (3, 1) and not isleap(day.year):
            wanted.setdefault(LEAP_DAY, day)
        wanted[day.month, day.day] = day
    on_one_of_them = Q()
    for month, day_of_month in wanted:
        on_one_of_them |= Q(birth_month=month, birth_day=day_of_month)
    contacts = Contact.objects.filter(on_one_of_them, network__in=networks, has_died=False, archived_at=None)
    near: dict[Network, list[tuple[date, Contact]]] = {network: [] for network in networks}
    by_key = {network.pk: found for network, found in near.items()}
    for contact in contacts.order_by("sort_name"):
        day = wanted[contact.birth_month, contact.birth_day]  # type: ignore[index]
        by_key[contact.network_id].append((day, contact))
    for found in near.values():
        found.sort(key=lambda birthday: birthday[0])
    return near
