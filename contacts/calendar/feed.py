"""The calendar of birthdays and reminders: its secret URL, and the file behind it (RFC 5545)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.events import note
from contacts.calendar.reminders import coming_reminders
from contacts.models import CalendarFeed, Contact, Network, Reminder
from contacts.text import one_line

TOKEN_BYTES = 16
LEAP_DAY = (2, 29)
NO_YEAR = 2000
"""Year in which a birthday of unknown year begins: a leap year, so that 29 February exists."""
YEARS_BETWEEN_LEAPS = 4


# The URL


@transaction.atomic
def open_feed(network: Network) -> str:
    """Create the secret URL, replacing any other. Return its token, which is not stored."""
    network.lock()
    close_feed(network)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.create(network=network, token_hash=_hash(token))
    note("calendar address made", network.owner)
    return token


def close_feed(network: Network) -> None:
    """Revoke the secret URL, if there is one; it opens no calendar from then on."""
    if network.calendar_feeds.all().delete()[0]:
        note("calendar address revoked", network.owner)


def network_of_token(token: str) -> Network | None:
    """Return the network whose secret URL has this token, with its owner loaded.

    None if the token is unknown or the owner is not active.
    """
    feeds = CalendarFeed.objects.select_related("network__owner").filter(network__owner__is_active=True)
    feed = feeds.filter(token_hash=_hash(token)).first()
    return feed.network if feed else None


def _hash(token: str) -> str:
    """Return the hash of a token: 128 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


# The file


def write_calendar(network: Network, *, base_url: str) -> bytes:
    """Return the network's birthdays and reminders as iCalendar, in the active language, without dead contacts.

    The bytes stay the same as long as nothing changes. `base_url` is the start of the URLs of contacts' pages. Takes
    two queries.
    """
    people = network.contacts.filter(birth_month__isnull=False, has_died=False, archived_at=None).order_by("pk")
    return calendar_of(people.defer("notes", "extra_properties"), coming_reminders(network), base_url=base_url)


def calendar_of(people: Iterable[Contact], reminders: Iterable[Reminder], *, base_url: str) -> bytes:
    """Return a calendar of the birthdays of these people and of these reminders."""
    calendar = Calendar()
    calendar.add("prodid", "-//netcrm//netcrm//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "netcrm")
    for contact in people:
        for event in _birthday(contact, base_url):
            calendar.add_component(event)
    for reminder in reminders:
        for event in _reminder(reminder, base_url):
            calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _birthday(contact: Contact, base_url: str) -> Iterator[Event]:
    day = date(contact.birth_year or NO_YEAR, contact.birth_month or 1, contact.birth_day or 1)
    summary = one_line(_("Birthday: %(name)s") % {"name": contact.display_name})
    yield from _every_year(contact, f"birthday-{contact.uuid}", day, summary, contact.created_at, base_url)


def _reminder(reminder: Reminder, base_url: str) -> Iterator[Event]:
    contact, uid = reminder.contact, f"reminder-{reminder.uuid}"
    if reminder.kind == Reminder.Kind.RHYTHM:
        summary = one_line(_("Get in touch with %(name)s again?") % {"name": contact.display_name})
    else:
        summary = one_line(f"{contact.display_name}: {reminder.text}")
    if reminder.returns_on is not None:
        yield from _every_year(contact, uid, reminder.returns_on, summary, reminder.created_at, base_url)
    else:
        yield _event(contact, uid, reminder.due_day, summary, reminder.created_at, base_url)


def _every_year(contact: Contact, uid: str, day: date, summary: str, stamp: datetime, base_url: str) -> Iterator[Event]:
    """Yield a yearly event, or four for 29 February, which falls on 1 March in other years.

    Some calendars reject rules that say this in one (``BYYEARDAY=60``) or misunderstand them, but all of them
    understand every fourth year.
    """
    if (day.month, day.day) != LEAP_DAY:
        yield _event(contact, uid, day, summary, stamp, base_url, rule={"freq": "yearly"})
        return
    rule: dict[str, str | int] = {"freq": "yearly", "interval": YEARS_BETWEEN_LEAPS}
    yield _event(contact, uid, day, summary, stamp, base_url, rule=rule)
    for later in range(1, YEARS_BETWEEN_LEAPS):
        first = date(day.year + later, 3, 1)
        yield _event(contact, f"{uid}-{later}", first, summary, stamp, base_url, rule=rule)


def _event(
    contact: Contact,
    uid: str,
    day: date,
    summary: str,
    stamp: datetime,
    base_url: str,
    *,
    rule: Mapping[str, str | int] | None = None,
) -> Event:
    """Return an all-day event that does not mark the member as busy."""
    event = Event()
    event.add("uid", f"{uid}@netcrm")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", day)
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{base_url}{contact.get_absolute_url()}")
    event.add("summary", summary)
    if rule is not None:
        event.add("rrule", rule)
    return event
