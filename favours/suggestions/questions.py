"""Needs that a letter may ask about: is somebody still looking for something? Pure.

A need comes up a month after it was noted or confirmed, and then every four weeks until it is half a year old. Needs
that come up together take turns.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, timedelta

from contacts.models.topic import ASLEEP_AFTER
from favours.suggestions.lines import Line

FIRST_AFTER = timedelta(days=30)
"""Time since a need was last confirmed after which a letter first asks about it."""

AGAIN_AFTER = timedelta(weeks=4)
"""Interval at which letters ask again. It is counted from the need's day, so nothing has to be stored."""

MOST = 5
"""Maximum needs considered in a week; needs with an answer, and those of people named anyway, are not asked about."""


def due_questions(lines: Iterable[Line], people: Container[int], on: date) -> list[Line]:
    """Returns the needs of these people (by key) that come up in the week of `on`, from the one whose turn it is.

    A need comes up in the week whose Monday is within seven days after one of its intervals has passed.
    """
    monday = on - timedelta(days=on.weekday())
    due = [line for line in lines if line.is_need and line.contact in people and _comes_up(monday - line.day)]
    due.sort(key=lambda line: (line.day, line.key))
    first = monday.toordinal() // AGAIN_AFTER.days % len(due) if due else 0
    return [*due[first:], *due[:first]][:MOST]


def _comes_up(age: timedelta) -> bool:
    return FIRST_AFTER <= age <= 2 * ASLEEP_AFTER and (age - FIRST_AFTER) % AGAIN_AFTER < timedelta(days=7)
