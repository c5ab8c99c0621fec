"""The SQL of the reciprocity figures: whole-network counts, the same on SQLite and PostgreSQL.

Each function sends one statement. A person shows up only inside a statement: as the key of an inner aggregate of one
direction that `reaches` sums up again before anything leaves the database, and in EXISTS, which tells whether there
was help and not how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Sum
from django.db.models.sql.compiler import SQLCompiler

from contacts.models import Network
from favours.models import Favour, Participation
from favours.reciprocity.gate import Reach
from favours.reciprocity.window import Window

DIRECTIONS = (Favour.Direction.GIVE.value, Favour.Direction.RECEIVE.value)
BOTH_DIRECTIONS = Q(direction__in=DIRECTIONS)
"""Says nothing, but lets an index serve that has the direction before the day."""

MEMORY = 730
"""Days for which help in one direction explains help in the other (F4, F5)."""
SILENCE = 365
"""Days without any help after which a contact counts as rediscovered (F8)."""


class DaysBefore(Func):
    """The date that lies `days` days before a date. (A date minus a timedelta would be an instant on PostgreSQL and a
    call into Python per row on SQLite.)"""

    output_field = DateField()

    def __init__(self, day: F | OuterRef, days: int) -> None:
        super().__init__(day, days=int(days))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="DATE(%(expressions)s, '-%(days)s days')", **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s - %(days)s)", **extra)


def events_by_month(network: Network, window: Window) -> dict[str, Counter[date]]:
    """F1: for each direction, how many events each month (given by its first day) has."""
    rows = (
        network.favours.filter(day__range=(window.first, window.last))
        .values_list("direction", "day")
        .annotate(events=Count("pk"))
        .order_by()
    )
    months: dict[str, Counter[date]] = {direction: Counter() for direction in DIRECTIONS}
    for direction, day, events in rows:
        months[direction][day.replace(day=1)] += events
    return months


def reaches(
    network: Network, direction: str, window: Window, sets: Mapping[str, Collection[str] | None]
) -> dict[str, Reach]:
    """F2 and F3: how widely each of several sets of events of one direction reaches.

    A set is given by its kinds, or by None for all of them. The inner aggregate sums up each contact's shares; the
    outer one makes one row of it, in the same statement.
    """
    if not sets:
        return {}
    shares = {
        name: Sum("share") if kinds is None else Sum("share", filter=Q(favour__kind__in=sorted(kinds)))
        for name, kinds in sets.items()
    }
    totals: dict[str, Any] = {}
    for name in sets:
        totals[f"{name}_people"] = Count(name)
        totals[f"{name}_events"] = Sum(name)
        totals[f"{name}_concentration"] = Sum(F(name) * F(name))
    row = _participations(network, direction, window).values("contact").annotate(**shares).aggregate(**totals)
    return {
        name: Reach(
            # The shares of an event add up to one.
            events=round(row[f"{name}_events"] or 0),
            people=row[f"{name}_people"],
            concentration=row[f"{name}_concentration"] or 0.0,
        )
        for name in sets
    }


def answered_events(network: Network, direction: str, window: Window) -> int:
    """F4 and F5: events of one direction with a contact from or to whom help went the other way before.

    "Before" is up to two years back and on the same day too: ties go against the flattering claim.
    """
    other = DIRECTIONS[1 - DIRECTIONS.index(direction)]
    before = network.participations.filter(
        counts=True,
        direction=other,
        contact=OuterRef("contact"),
        day__range=(DaysBefore(OuterRef("day"), MEMORY), OuterRef("day")),
    )
    answered = _participations(network, direction, window).filter(Exists(before))
    return int(answered.aggregate(events=Count("favour", distinct=True))["events"])


def has_people_by(network: Network, day: date) -> bool:
    """Whether any favour with people, of either direction, lies on that day or before it."""
    return network.participations.filter(BOTH_DIRECTIONS, counts=True, day__lte=day).exists()


def passed_on(network: Network, window: Window) -> int:
    """F7: distinct receives that the member passed on by a give in the window, to other people than they came from."""
    received = network.participations.filter(favour=OuterRef("passes_on"))
    given = network.participations.filter(favour=OuterRef("pk"))
    also_gave = network.participations.filter(favour=OuterRef(OuterRef("passes_on")), contact=OuterRef("contact"))
    links = network.favours.filter(
        Exists(received),
        Exists(given),
        ~Exists(given.filter(Exists(also_gave))),
        direction=Favour.Direction.GIVE,
        day__range=(window.first, window.last),
        passes_on__network=network,
        passes_on__direction=Favour.Direction.RECEIVE,
        passes_on__deleted_at=None,
        passes_on__day__lte=F("day"),
    )
    return int(links.aggregate(receives=Count("passes_on", distinct=True))["receives"])


def rediscovered(network: Network, window: Window) -> int:
    """F8: distinct contacts with help in the window after a year or more without any, in either direction.

    Two acts of help on one day are one day of help: whichever came first, the silence lay before it.
    """
    of_contact = network.participations.filter(BOTH_DIRECTIONS, counts=True, contact=OuterRef("contact"))
    silence_begins = DaysBefore(OuterRef("day"), SILENCE)
    returns = network.participations.filter(
        BOTH_DIRECTIONS,
        ~Exists(of_contact.filter(day__gt=silence_begins, day__lt=OuterRef("day"))),
        Exists(of_contact.filter(day__lte=silence_begins)),
        counts=True,
        day__range=(window.first, window.last),
    )
    return int(returns.aggregate(contacts=Count("contact", distinct=True))["contacts"])


def _participations(network: Network, direction: str, window: Window) -> QuerySet[Participation]:
    return network.participations.filter(
        counts=True, direction=direction, day__range=(window.first, window.last)
    ).order_by()
