"""Reminders: creating them, acting on them, and choosing which to show on a given day.

Nothing is ever overdue. Reminders that are not acted on silently take turns with others that are due, at most two at a
time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.models import Contact, Network, Reminder
from contacts.text import one_line

Kind = Reminder.Kind

MOST_SHOWN = 2
LATER = timedelta(days=7)
MOST_LOOKED_AT = 200
"""Due reminders considered per kind; more than these would not get a turn within a year anyway."""


# Pure: dates and turns


def next_return(day: date, after: date) -> date:
    """Return the first occurrence of a yearly date later than `after`; 29 February becomes 1 March in other years."""
    for year in (after.year, after.year + 1):
        try:
            returning = day.replace(year=year)
        except ValueError:
            returning = date(year, 3, 1)
        if returning > after:
            return returning
    raise AssertionError("one of two years in a row has a later return")


@dataclass(frozen=True, slots=True)
class Due:
    """A due reminder, with the values that determine its turn."""

    reminder: Reminder
    day: date
    is_rhythm: bool


def in_turn(due: Iterable[Due], today: date) -> list[Reminder]:
    """Return the reminders, at most two, to show on the day `today`.

    Those due on this very day come first, then those of earlier days, which take turns daily, then people to get in
    touch with again, who take turns weekly.
    """
    ordered = sorted(due, key=lambda each: (each.day, each.reminder.pk))
    of_today = [each for each in ordered if not each.is_rhythm and each.day == today]
    earlier = [each for each in ordered if not each.is_rhythm and each.day < today]
    rhythms = [each for each in ordered if each.is_rhythm]
    week = (today - timedelta(days=today.weekday())).toordinal() // 7  # the number of its Monday
    turns = chain(of_today, _turned(earlier, today.toordinal()), _turned(rhythms, week))
    return [each.reminder for each in turns][:MOST_SHOWN]


def _turned(due: Sequence[Due], turn: int) -> list[Due]:
    start = turn * MOST_SHOWN % len(due) if due else 0
    return [*due[start:], *due[:start]]


# Reading


def due_reminders(network: Network) -> list[Reminder]:
    """Return the reminders to show today, contacts loaded, without archived, trashed or dead people.

    Takes two queries.
    """
    today = network.today()
    dated = _living(network).filter(due_on__lte=today).exclude(kind=Kind.RHYTHM).order_by("-due_on")
    due = [Due(each, each.due_on, is_rhythm=False) for each in dated[:MOST_LOOKED_AT]]
    loose = Q()
    for days in Reminder.Rhythm.values:
        untouched = Q(contact__last_contact_on=None) | Q(contact__last_contact_on__lte=today - timedelta(days=days))
        loose |= Q(rhythm_days=days) & untouched
    rhythms = _living(network).filter(loose, kind=Kind.RHYTHM, due_on__lte=today).order_by("due_on", "pk")
    due += [Due(each, each.due_day, is_rhythm=True) for each in rhythms[:MOST_LOOKED_AT]]
    return in_turn(due, today)


def reminders_of(network: Network, contact: Contact) -> list[Reminder]:
    """Return a contact's reminders that are neither done nor stopped, the nearest first. Takes one query."""
    reminders = network.reminders.filter(contact=contact, ended_at=None).select_related("contact")
    return sorted(reminders, key=lambda reminder: reminder.due_day)


def coming_reminders(network: Network) -> list[Reminder]:
    """Return all reminders for the calendar: neither done nor stopped, and not of dead contacts. Takes one query."""
    return list(_living(network).order_by("pk"))


def _living(network: Network) -> QuerySet[Reminder]:
    living = {"contact__deleted_at": None, "contact__archived_at": None, "contact__has_died": False}
    return network.reminders.filter(ended_at=None, **living).select_related("contact")


# Writing


@transaction.atomic
def remind_once(network: Network, contact: Contact, *, text: str, day: date) -> Reminder:
    """Create a reminder for one day, or return the one that says the same. Raises ValidationError."""
    return _saved(Reminder(network=network, contact=contact, kind=Kind.ONCE, text=one_line(text), due_on=day))


@transaction.atomic
def remind_yearly(network: Network, contact: Contact, *, text: str, day: date) -> Reminder:
    """Create a reminder that recurs every year, or return the one that says the same.

    The year of `day` may be in the past. Raises ValidationError.
    """
    due_on = max(day, next_return(day, network.today() - timedelta(days=1)))
    return _saved(
        Reminder(network=network, contact=contact, kind=Kind.YEARLY, text=one_line(text), due_on=due_on, returns_on=day)
    )


@transaction.atomic
def keep_in_touch(network: Network, contact: Contact, *, rhythm_days: int, text: str = "") -> Reminder:
    """Create a reminder to get in touch `rhythm_days` after the last contact, replacing any previous one.

    If there was no contact yet, the days count from today. Raises ValidationError.
    """
    due_on = network.today()
    if contact.last_contact_on is None:
        due_on += timedelta(days=rhythm_days)
    wish = Reminder(
        network=network,
        contact=contact,
        kind=Kind.RHYTHM,
        text=one_line(text),
        due_on=due_on,
        rhythm_days=rhythm_days,
    )
    wish.full_clean()
    network.lock_contacts([contact.pk])
    network.reminders.filter(contact=contact, kind=Kind.RHYTHM, ended_at=None).update(ended_at=timezone.now())
    wish.save()
    return wish


def finish_reminder(network: Network, reminder: Reminder) -> None:
    """Mark a reminder as done: a single one ends, a yearly one moves to next year, a rhythm restarts today.

    A yearly reminder or rhythm that is not due, or is no longer due, is left alone, so a second click changes nothing.
    """
    today = network.today()
    if reminder.kind == Kind.ONCE:
        _act(reminder, ends=True)
    elif reminder.due_day > today:
        return
    elif reminder.returns_on is not None:
        _act(reminder, due_on=next_return(reminder.returns_on, today))
    else:
        _act(reminder, due_on=today + timedelta(days=reminder.rhythm_days or 0))


def postpone_reminder(network: Network, reminder: Reminder) -> None:
    """Show the reminder again in a week, if it is due."""
    if reminder.due_day <= network.today():
        _act(reminder, due_on=network.today() + LATER)


def stop_reminder(network: Network, reminder: Reminder) -> None:
    """Never show the reminder again."""
    _act(reminder, ends=True)


def undo_reminder(network: Network, reminder: Reminder) -> None:
    """Undo the latest action on a reminder."""
    reminder.due_on, reminder.due_before = reminder.due_before or reminder.due_on, None
    reminder.ended_at = None
    reminder.save(update_fields=["due_on", "due_before", "ended_at"])


def _act(reminder: Reminder, *, due_on: date | None = None, ends: bool = False) -> None:
    """Move or end a reminder, keeping the previous day for undo. One that has ended is left alone."""
    if reminder.ended_at is not None:
        return
    reminder.due_before = reminder.due_on
    reminder.due_on = due_on or reminder.due_on
    reminder.ended_at = timezone.now() if ends else None
    reminder.save(update_fields=["due_on", "due_before", "ended_at"])


def _saved(reminder: Reminder) -> Reminder:
    """Store a reminder and return it, or return the open one that says the same, so that a form can be sent twice."""
    reminder.full_clean()
    reminder.network.lock_contacts([reminder.contact_id])
    says = {name: getattr(reminder, name) for name in ("contact", "kind", "text", "due_on", "returns_on")}
    same = reminder.network.reminders.filter(ended_at=None, **says).first()
    if same is not None:
        return same
    reminder.save()
    return reminder
