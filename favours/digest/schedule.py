"""The times at which weekly letters are due: pure arithmetic of weeks, time zones and clock changes.

A week is an ISO week of the member's own calendar, identified by its Monday. Each week has one slot: an hour of a
weekday. A letter is due from its slot to the end of its week, so an outage delays it, but missed weeks are not made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """The time at which a member wants the letter: `hour` (0 to 23) of `weekday` (ISO: 1 is Monday) in `zone`."""

    zone: ZoneInfo
    weekday: int
    hour: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan for now: the letter of `due_week` (a Monday), if any, and then nothing before `next_at` (UTC)."""

    due_week: date | None
    next_at: datetime


def plan(slot: Slot, now: datetime, handled_week: date | None) -> Plan:
    """Returns the plan at `now` (aware), if the letters up to `handled_week` (a Monday) have been dealt with.

    As long as the slot stays the same, following the plans yields exactly one letter per week. If it changes, a week
    may go without a letter, but none gets two: a week that was dealt with never comes up again.
    """
    week = week_of(now.astimezone(slot.zone).date())
    if handled_week is not None and week <= handled_week:
        return Plan(None, slot_in_week(slot, handled_week + WEEK))
    due_at = slot_in_week(slot, week)
    if due_at > now:
        return Plan(None, due_at)
    return Plan(week, slot_in_week(slot, week + WEEK))


def week_of(day: date) -> date:
    """Returns the Monday of the ISO week of `day`."""
    return day - timedelta(days=day.weekday())


def slot_in_week(slot: Slot, week: date) -> datetime:
    """Returns the time (UTC) of the slot in the week that begins on the Monday `week`."""
    return instant_of(datetime.combine(week + timedelta(days=slot.weekday - 1), time(slot.hour)), slot.zone)


def end_of_week(zone: ZoneInfo, week: date) -> datetime:
    """Returns the time (UTC) at which the week that begins on the Monday `week` ends in `zone`."""
    return instant_of(datetime.combine(week + WEEK, time()), zone)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Returns the time (UTC) at which the clocks in `zone` show the naive time `wall`.

    If the clocks show it twice, the first time counts. If they skip it, the result is the moment at which they are set
    forward.
    """
    by_old_clock = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if by_old_clock.astimezone(zone).replace(tzinfo=None) == wall:
        return by_old_clock
    by_new_clock = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_with_new_clock(by_new_clock, by_old_clock, zone)


def _first_with_new_clock(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Returns the time between `before` and `after`, to the second, at which the clocks take the offset of `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
