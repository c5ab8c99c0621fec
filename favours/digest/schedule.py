"""When a weekly letter is due: pure arithmetic of weeks, zones and clock changes.

A week is an ISO week of the member's own calendar, named by its Monday. In each week there is one slot: an hour of a
weekday. A letter is due from its slot to the end of its week, so that an outage delays it, but missed weeks are not
made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """The wish of a member: `hour` (0 to 23) of `weekday` (ISO: 1 is Monday, 7 is Sunday) in `zone`."""

    zone: ZoneInfo
    weekday: int
    hour: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done at an instant: the letter of `due_week`, if any, and then nothing before `next_at` (UTC)."""

    due_week: date | None
    next_at: datetime


def plan(slot: Slot, now: datetime, handled_week: date | None) -> Plan:
    """What is due at the instant `now`, if the letters up to `handled_week` (a Monday) have been dealt with.

    While the slot stays, following the plans yields exactly one letter in each week. If it is changed, a week may go
    without a letter, but none gets two: a week that was dealt with never comes up again.
    """
    week = week_of(now.astimezone(slot.zone).date())
    if handled_week is not None and week <= handled_week:
        return Plan(None, slot_in_week(slot, handled_week + WEEK))
    due_at = slot_in_week(slot, week)
    if due_at > now:
        return Plan(None, due_at)
    return Plan(week, slot_in_week(slot, week + WEEK))


def week_of(day: date) -> date:
    """The Monday of the ISO week that `day` is in."""
    return day - timedelta(days=day.weekday())


def slot_in_week(slot: Slot, week: date) -> datetime:
    """The instant (UTC) of the slot in the week that begins on the Monday `week`."""
    return instant_of(datetime.combine(week + timedelta(days=slot.weekday - 1), time(slot.hour)), slot.zone)


def end_of_week(zone: ZoneInfo, week: date) -> datetime:
    """The instant (UTC) at which the week that begins on the Monday `week` is over in `zone`."""
    return instant_of(datetime.combine(week + WEEK, time()), zone)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clocks in `zone` show the naive time `wall`.

    A time that the clocks show twice is the first of both; one that they skip is the next instant there is, when the
    clocks have just been set forward.
    """
    by_old_clock = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if by_old_clock.astimezone(zone).replace(tzinfo=None) == wall:
        return by_old_clock
    by_new_clock = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_with_new_clock(by_new_clock, by_old_clock, zone)


def _first_with_new_clock(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between `before` and `after`, to the second, from which on the clocks go as at `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
