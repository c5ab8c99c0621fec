"""The SQL of the reciprocity figures: whole-network counts, the same on SQLite and PostgreSQL.

Each function sends one statement. People appear only inside a statement, as the key of an inner aggregate of one
direction that is summed up again before anything leaves the database. Where the other direction matters, only its days
count, which say whether there was help and not how much.

The statements are written out because building them as querysets took ten times as long as executing them for a small
network; bench/recompute.py measures it. All columns of a participation that they read are in one index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from contacts.models import Network
from favours.models import Favour
from favours.reciprocity.gate import Reach
from favours.reciprocity.window import Window

DIRECTIONS = (Favour.Direction.GIVE.value, Favour.Direction.RECEIVE.value)

MEMORY: Final = 730
"""Days for which earlier help in one direction counts as answered by help in the other (F4, F5)."""
SILENCE: Final = 365
"""Days without any help after which a contact counts as rediscovered (F8)."""

ENTRIES_BY_DAY: Final = """
    SELECT direction, day, count(*)
    FROM favours_favour
    WHERE network_id = %(network)s AND deleted_at IS NULL AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day, direction
"""

REACHES: Final = """
    SELECT {totals}
    FROM (
        SELECT {sums}
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction = %(direction)s
            AND day BETWEEN %(first)s AND %(last)s
        GROUP BY contact_id
    ) AS people
"""

ANSWERED_EVENTS: Final = """
    SELECT count(DISTINCT part.favour_id)
    FROM favours_participation AS part
    JOIN (
        SELECT contact_id,
            min(CASE WHEN day >= %(first)s THEN day END) AS first_day,
            {remembered_until} AS remembered_until
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction = %(other_direction)s
            AND day BETWEEN %(memory_begins)s AND %(last)s
        GROUP BY contact_id
    ) AS other ON other.contact_id = part.contact_id
    WHERE part.network_id = %(network)s AND part.is_active AND part.direction = %(direction)s
        AND part.day BETWEEN %(first)s AND %(last)s
        AND (part.day >= other.first_day OR part.day <= other.remembered_until)
"""

HAS_PEOPLE_BY: Final = """
    SELECT EXISTS (
        SELECT 1
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction IN ('give', 'receive') AND day <= %(day)s
    )
"""

PASSED_ON: Final = """
    SELECT count(DISTINCT received.id)
    FROM favours_favour AS given
    JOIN favours_favour AS received ON received.id = given.passes_on_id
    WHERE given.network_id = %(network)s AND given.passes_on_id IS NOT NULL AND given.deleted_at IS NULL
        AND given.direction = 'give' AND given.day BETWEEN %(first)s AND %(last)s
        AND received.network_id = %(network)s AND received.deleted_at IS NULL
        AND received.direction = 'receive' AND received.day <= given.day
        AND EXISTS (SELECT 1 FROM favours_participation AS part WHERE part.favour_id = given.id)
        AND EXISTS (SELECT 1 FROM favours_participation AS part WHERE part.favour_id = received.id)
        AND NOT EXISTS (
            SELECT 1
            FROM favours_participation AS helped
            JOIN favours_participation AS helper ON helper.contact_id = helped.contact_id
            WHERE helped.favour_id = given.id AND helper.favour_id = received.id
        )
"""

REDISCOVERED: Final = """
    SELECT count(DISTINCT contact_id)
    FROM (
        SELECT contact_id, min(day) AS day
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction = 'give' AND day BETWEEN %(first)s AND %(last)s
        GROUP BY contact_id
        UNION ALL
        SELECT contact_id, min(day) AS day
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction = 'receive' AND day BETWEEN %(first)s AND %(last)s
        GROUP BY contact_id
        UNION ALL
        SELECT contact_id, day
        FROM favours_participation
        WHERE network_id = %(network)s AND is_active AND direction IN ('give', 'receive') AND day = %(last)s
    ) AS help
    WHERE {silence_begins} >= (
        SELECT max(earlier.day)
        FROM favours_participation AS earlier
        WHERE earlier.contact_id = help.contact_id AND earlier.is_active AND earlier.day < help.day
    )
"""


def events_by_month(network: Network, window: Window) -> dict[str, Counter[date]]:
    """Returns F1: for each direction, the number of events per month (keyed by its first day)."""
    months: dict[str, Counter[date]] = {direction: Counter() for direction in DIRECTIONS}
    for direction, day, events in _rows(ENTRIES_BY_DAY, network, window):
        months[direction][day.replace(day=1)] += events
    return months


def reaches(
    network: Network, direction: str, window: Window, sets: Mapping[str, Collection[str] | None]
) -> dict[str, Reach]:
    """Returns F2 and F3: the reach of each of several sets of events of one direction.

    A set is given by its kinds, or None for all of them. The inner aggregate sums up each contact's shares, the outer
    one turns them into one row.
    """
    if not sets:
        return {}
    columns = [f"set_{number}" for number in range(len(sets))]
    sums = [f"sum({_share_in(kinds)}) AS {column}" for column, kinds in zip(columns, sets.values(), strict=True)]
    totals = [f"sum({column}), count({column}), sum({column} * {column})" for column in columns]
    statement = REACHES.format(totals=", ".join(totals), sums=", ".join(sums))
    [row] = _rows(statement, network, window, direction=direction, **{kind: kind for kind in Favour.Kind.values})
    return {
        # The shares of an event add up to one.
        name: Reach(events=round(events or 0), people=people, concentration=concentration or 0.0)
        for name, events, people, concentration in zip(sets, row[::3], row[1::3], row[2::3], strict=True)
    }


def answered_events(network: Network, direction: str, window: Window) -> int:
    """Returns, for F4 and F5, the number of events preceded by help in the other direction with one of their people.

    "Preceded" means within the two years before, or on the same day: ties go against the more flattering claim. Because
    the window is shorter than that, two days per contact are enough: the first day within the window with help in the
    other direction, and the last such day before the window. They say whether there was help, and not how much.
    """
    statement = ANSWERED_EVENTS.format(remembered_until=_shifted("max(CASE WHEN day < %(first)s THEN day END)", MEMORY))
    return _number(
        statement,
        network,
        window,
        direction=direction,
        other_direction=DIRECTIONS[1 - DIRECTIONS.index(direction)],
        memory_begins=window.first - timedelta(days=MEMORY),
    )


def has_people_by(network: Network, day: date) -> bool:
    """Returns whether there is any favour with people, of either direction, on or before that day."""
    return bool(_number(HAS_PEOPLE_BY, network, day=day))


def passed_on(network: Network, window: Window) -> int:
    """Returns F7: the number of received favours that the member passed on in the window to other people."""
    return _number(PASSED_ON, network, window)


def rediscovered(network: Network, window: Window) -> int:
    """Returns F8: the number of contacts with help in the window after a year or more without any, in either direction.

    Two favours on one day count as one day of help: whichever came first, the silence was before it. Because the window
    is at most one day longer than the silence, the silence ends with a contact's first help in the window or, if that
    was on the window's first day, with help on its last.
    """
    return _number(REDISCOVERED.format(silence_begins=_shifted("help.day", -SILENCE)), network, window)


def _share_in(kinds: Collection[str] | None) -> str:
    """Returns SQL for a participation's share if its event has one of the kinds."""
    if kinds is None:
        return "share"
    names = ", ".join(f"%({kind})s" for kind in sorted(kinds))
    return f"CASE WHEN kind IN ({names}) THEN share END"


def _shifted(day: str, days: int) -> str:
    """Returns SQL for the date that is `days` days after the SQL expression `day`."""
    return f"date({day}, '{days:+} days')" if connection.vendor == "sqlite" else f"({day} {days:+})"


def _rows(statement: str, network: Network, window: Window | None = None, **values: str | date) -> list[Any]:
    days = {"first": window.first, "last": window.last} if window else {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"network": network.pk, **days, **values})
        rows: list[Any] = cursor.fetchall()
    return rows


def _number(statement: str, network: Network, window: Window | None = None, **values: str | date) -> int:
    [(number,)] = _rows(statement, network, window, **values)
    return int(number)
