"""Reminders: when they are due, how they take turns, and the effects of "done", "later" and "stop"."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from contacts.calendar import reminders
from contacts.calendar.reminders import (
    Due,
    due_reminders,
    finish_reminder,
    in_turn,
    keep_in_touch,
    next_return,
    postpone_reminder,
    remind_once,
    remind_yearly,
    stop_reminder,
    undo_reminder,
)
from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Network, Reminder
from contacts.people.conversations import log_conversation, trash_conversations
from contacts.people.directory import add_contact, archive_contacts, edit_contact, trash_contacts
from tests.favours.entries import log_favour

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)


class Calendar:
    """The member's calendar, whose date the tests can set."""

    today = TODAY


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    turned = Calendar()
    monkeypatch.setattr(Network, "today", lambda network: turned.today)
    return turned


def told(network: Network) -> list[str]:
    return [reminder.text or f"touch {reminder.contact.display_name}" for reminder in due_reminders(network)]


@pytest.mark.parametrize(
    ("day", "after", "expected"),
    [
        (date(2020, 5, 3), date(2026, 5, 2), date(2026, 5, 3)),
        (date(2020, 5, 3), date(2026, 5, 3), date(2027, 5, 3)),
        (date(2020, 2, 29), date(2026, 1, 1), date(2026, 3, 1)),
        (date(2020, 2, 29), date(2027, 6, 1), date(2028, 2, 29)),
    ],
)
def test_next_return_is_later_than_the_day(day: date, after: date, expected: date) -> None:
    assert next_return(day, after) == expected


def test_reminder_of_one_day_waits_for_it_and_stays_until_it_is_done(
    network: Network, anna: Contact, calendar: Calendar
) -> None:
    reminder = remind_once(network, anna, text=" Return   the book ", day=TODAY + DAY)
    seen = []
    for ahead in (0, 1, 40):
        calendar.today = TODAY + ahead * DAY
        seen.append(told(network))
    finish_reminder(network, reminder)
    assert [*seen, told(network)] == [[], ["Return the book"], ["Return the book"], []]


def test_yearly_reminder_returns(network: Network, anna: Contact, calendar: Calendar) -> None:
    reminder = remind_yearly(network, anna, text="Founding day", day=date(1999, 6, 1))
    assert told(network) == ["Founding day"]
    finish_reminder(network, reminder)
    finish_reminder(network, reminder)  # A second click changes nothing.
    assert (told(network), reminder.due_on) == ([], date(2027, 6, 1))
    calendar.today = date(2027, 6, 1)
    assert told(network) == ["Founding day"]


def test_yearly_reminder_may_begin_in_years_to_come(network: Network, anna: Contact) -> None:
    assert remind_yearly(network, anna, text="Review", day=date(2030, 1, 1)).due_on == date(2030, 1, 1)


def talk(network: Network, anna: Contact, day: date) -> object:
    return log_conversation(network, day=day, contacts=[anna])


def help_given(network: Network, anna: Contact, day: date) -> object:
    return log_favour(network, direction="give", kind="tip", day=day, contacts=[anna])


def help_received(network: Network, anna: Contact, day: date) -> object:
    return log_favour(network, direction="receive", kind="tip", day=day, contacts=[anna])


@pytest.mark.parametrize("touch", [talk, help_given, help_received])
def test_any_touch_begins_the_rhythm_anew(network: Network, anna: Contact, calendar: Calendar, touch: object) -> None:
    keep_in_touch(network, anna, rhythm_days=30)
    seen = [told(network)]
    calendar.today = TODAY + 30 * DAY
    seen.append(told(network))
    touch(network, anna, calendar.today)  # type: ignore[operator]
    seen.append(told(network))
    calendar.today += 29 * DAY
    seen.append(told(network))
    calendar.today += DAY
    assert [*seen, told(network)] == [[], ["touch Anna"], [], [], ["touch Anna"]]


def test_rhythm_counts_from_the_latest_touch_there_is(network: Network, anna: Contact) -> None:
    log_conversation(network, day=TODAY - 100 * DAY, contacts=[anna])
    latest = log_conversation(network, day=TODAY - 10 * DAY, contacts=[anna])
    anna.refresh_from_db()
    keep_in_touch(network, anna, rhythm_days=30)
    assert told(network) == []
    trash_conversations(network, [latest])
    assert told(network) == ["touch Anna"]


def test_new_rhythm_replaces_the_old_one(network: Network, anna: Contact) -> None:
    keep_in_touch(network, anna, rhythm_days=30)
    keep_in_touch(network, anna, rhythm_days=365)
    assert [each.rhythm_days for each in reminders.reminders_of(network, anna)] == [365]


def test_done_with_a_rhythm_begins_it_anew_without_a_touch(network: Network, anna: Contact, calendar: Calendar) -> None:
    reminder = keep_in_touch(network, anna, rhythm_days=14)
    calendar.today = TODAY + 20 * DAY
    finish_reminder(network, reminder)
    anna.refresh_from_db()
    assert (reminder.due_day, anna.last_contact_on) == (TODAY + 34 * DAY, None)


def test_later_is_in_a_week_and_can_be_taken_back(network: Network, anna: Contact, calendar: Calendar) -> None:
    reminder = remind_once(network, anna, text="Call", day=TODAY - 3 * DAY)
    postpone_reminder(network, reminder)
    postpone_reminder(network, reminder)  # A second click changes nothing.
    assert (reminder.due_on, told(network)) == (TODAY + 7 * DAY, [])
    undo_reminder(network, reminder)
    assert (reminder.due_on, told(network)) == (TODAY - 3 * DAY, ["Call"])


@pytest.mark.parametrize("act", [finish_reminder, postpone_reminder, stop_reminder])
@pytest.mark.parametrize("kind", ["once", "yearly", "rhythm"])
def test_every_act_can_be_taken_back(
    network: Network, anna: Contact, calendar: Calendar, act: object, kind: str
) -> None:
    reminder = {
        "once": lambda: remind_once(network, anna, text="x", day=TODAY),
        "yearly": lambda: remind_yearly(network, anna, text="x", day=TODAY),
        "rhythm": lambda: keep_in_touch(network, anna, rhythm_days=14),
    }[kind]()
    calendar.today = TODAY + 14 * DAY
    before = told(network)
    act(network, reminder)  # type: ignore[operator]
    between = told(network)
    undo_reminder(network, reminder)
    assert (len(before), between, told(network)) == (1, [], before)


def test_nobody_is_reminded_of_those_who_are_gone(network: Network, anna: Contact) -> None:
    ben, clara, eva = (add_contact(network, given_name=name) for name in ("Ben", "Clara", "Eva"))
    for contact in (anna, ben, clara):
        remind_once(network, contact, text=contact.display_name, day=TODAY)
    archive_contacts(network, [anna])
    trash_contacts(network, [ben])
    edit_contact(network, clara, has_died=True)
    assert told(network) == []
    erase_contacts(network, [anna, ben, clara])
    assert not Reminder.objects.exists()
    assert eva.pk


def test_reminders_of_a_stranger_stay_with_them(network: Network, stranger_network: Network, anna: Contact) -> None:
    remind_once(network, anna, text="x", day=TODAY)
    assert told(stranger_network) == []
    with pytest.raises(ValidationError):
        remind_once(stranger_network, anna, text="x", day=TODAY)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "once", "rhythm_days": 14},
        {"kind": "yearly"},
        {"kind": "rhythm"},
        {"kind": "rhythm", "rhythm_days": 13},
        {"kind": "daily"},
    ],
)
def test_database_refuses_what_is_no_reminder(network: Network, anna: Contact, fields: dict[str, object]) -> None:
    reminder = Reminder(network=network, contact=anna, text="x", due_on=TODAY, **fields)
    with pytest.raises(ValidationError):
        reminder.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        reminder.save()


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_reminder_needs_a_few_words(network: Network, anna: Contact, text: str) -> None:
    with pytest.raises(ValidationError):
        remind_once(network, anna, text=text, day=TODAY)


# Turns


def due(number: int, age: int, *, is_rhythm: bool = False) -> Due:
    return Due(Reminder(pk=number), TODAY - age * DAY, is_rhythm=is_rhythm)


def turn(dues: list[Due], today: date = TODAY) -> list[int]:
    return [reminder.pk for reminder in in_turn(dues, today)]


def test_at_most_two_are_shown_those_of_today_first() -> None:
    dues = [due(1, 0, is_rhythm=True), due(2, 3), due(3, 0), due(4, 0)]
    assert turn(dues) == [3, 4]
    assert turn(dues[:3]) == [3, 2]
    assert turn(dues[:1]) == [1]


@given(ages=st.lists(st.integers(1, 300), max_size=12))
def test_what_is_left_lying_takes_turns(ages: list[int]) -> None:
    dated = [due(number, age) for number, age in enumerate(ages)]
    seen = {pk for day in range(max(len(ages), 1)) for pk in turn(dated, TODAY + day * DAY)}
    assert seen == set(range(len(ages)))


@given(ages=st.lists(st.integers(0, 300), min_size=3, max_size=12))
def test_people_take_turns_week_by_week(ages: list[int]) -> None:
    people = [due(number, age, is_rhythm=True) for number, age in enumerate(ages)]
    monday = date(2026, 6, 1)
    weeks = [[tuple(turn(people, monday + (7 * week + day) * DAY)) for day in range(7)] for week in range(len(ages))]
    assert all(len(set(week)) == 1 for week in weeks)
    assert {pk for week in weeks for pk in week[0]} == set(range(len(ages)))
