"""The letter's calendar: one letter per ISO week of the member's own calendar, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from favours.digest.schedule import WEEK, Plan, Slot, end_of_week, instant_of, plan, slot_in_week, week_of
from tests.calendar import MONDAY, SEVEN
from tests.examples import examples

# Every kind of clock: both hemispheres, offsets of half and quarter hours, a change of half an hour, changes at
# midnight, before it and in the evening, a pause for Ramadan, both ends of the date line, and places that never change.
NAMES = """
Europe/Berlin Europe/Vienna Europe/Zurich Europe/London Europe/Dublin Europe/Lisbon Europe/Athens Europe/Kyiv
Europe/Chisinau Europe/Moscow Europe/Istanbul Atlantic/Azores Atlantic/Reykjavik Atlantic/Canary America/Nuuk
America/Scoresbysund America/St_Johns America/Halifax America/New_York America/Chicago America/Denver America/Phoenix
America/Los_Angeles America/Anchorage America/Adak Pacific/Honolulu America/Havana America/Port-au-Prince
America/Mexico_City America/Tijuana America/Bogota America/Caracas America/Sao_Paulo America/Asuncion America/Santiago
Pacific/Easter America/Argentina/Buenos_Aires Africa/Casablanca Africa/El_Aaiun Africa/Cairo Africa/Lagos
Africa/Nairobi Africa/Johannesburg Asia/Beirut Asia/Gaza Asia/Jerusalem Asia/Tehran Asia/Dubai Asia/Karachi
Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Shanghai Asia/Tokyo Australia/Perth Australia/Eucla Australia/Adelaide
Australia/Sydney Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Apia Pacific/Kiritimati Pacific/Midway
"""
ZONES = NAMES.split()
SLOTS = [(1, 7), (1, 0), (7, 0), (7, 1), (7, 2), (7, 3), (7, 23), (6, 22), (5, 0)]
BEGIN, END = date(2026, 1, 5), date(2028, 1, 3)


def weeks(begin: date, end: date) -> list[date]:
    return [begin + WEEK * number for number in range((end - begin) // WEEK)]


def letters(slot: Slot, begin: datetime, end: datetime, delays=lambda: timedelta()) -> list[tuple[date, datetime]]:
    """Return the weeks and times of letters sent by a sweep that looks again at `next_at`, or later by `delays()`."""
    sent, handled, now = [], None, begin
    while now < end:
        due = plan(slot, now, handled)
        if due.due_week is not None:
            sent.append((due.due_week, now))
            handled = due.due_week
        now = due.next_at + delays()
    return sent


@pytest.mark.parametrize("name", ZONES)
def test_schedule_has_one_letter_in_each_local_week_of_two_years(name):
    zone = ZoneInfo(name)
    begin, end = (instant_of(datetime.combine(day, time()), zone) for day in (BEGIN, END))
    for weekday, hour in SLOTS:
        sent = letters(Slot(zone, weekday, hour), begin, end)
        assert [week_of(at.astimezone(zone).date()) for _week, at in sent] == weeks(BEGIN, END)
        assert [week for week, _at in sent] == weeks(BEGIN, END)


def test_schedule_covers_sixty_zones_and_both_changes_of_the_clock():
    changing = [
        name
        for name in ZONES
        if len({datetime(2026, month, 15, tzinfo=UTC).astimezone(ZoneInfo(name)).utcoffset() for month in (1, 7)}) == 2
    ]
    assert (len(ZONES) >= 60, len(changing) >= 25) == (True, True)


@pytest.mark.parametrize(
    ("name", "wall", "instant"),
    [
        # Berlin: on 29 March 2026 the clocks skip from 2:00 to 3:00; on 25 October they show that hour twice.
        ("Europe/Berlin", "2026-03-29 02:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", "2026-03-29 02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", "2026-03-29 03:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", "2026-10-25 02:00", datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("Europe/Berlin", "2026-10-25 03:00", datetime(2026, 10, 25, 2, tzinfo=UTC)),
        # Lord Howe: on 4 October 2026 the clocks skip half an hour, starting at 2:00.
        ("Australia/Lord_Howe", "2026-10-04 02:15", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # Havana: on 8 March 2026 midnight is skipped.
        ("America/Havana", "2026-03-08 00:00", datetime(2026, 3, 8, 5, tzinfo=UTC)),
        # Apia had no 30 December 2011 at all.
        ("Pacific/Apia", "2011-12-30 07:00", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_instant_is_the_first_or_the_next(name, wall, instant):
    assert instant_of(datetime.fromisoformat(wall), ZoneInfo(name)) == instant


BERLIN = ZoneInfo("Europe/Berlin")
"""The time zone of the plans below, in which `SEVEN` is 7:00."""


def test_plan_is_due_from_its_slot_on():
    slot = Slot(BERLIN, 1, 7)
    last_week = MONDAY - WEEK
    assert plan(slot, SEVEN - timedelta(seconds=1), last_week) == Plan(None, SEVEN)
    assert plan(slot, SEVEN, last_week) == Plan(MONDAY, SEVEN + WEEK)


def test_plan_after_an_outage_sends_late_but_makes_up_no_missed_week():
    slot = Slot(BERLIN, 1, 7)
    thursday_two_weeks_later = datetime(2026, 5, 21, 9, tzinfo=UTC)
    assert plan(slot, thursday_two_weeks_later, MONDAY) == Plan(MONDAY + 2 * WEEK, SEVEN + 3 * WEEK)


def test_plan_of_a_handled_week_waits_for_the_next():
    assert plan(Slot(BERLIN, 5, 7), SEVEN, MONDAY) == Plan(None, slot_in_week(Slot(BERLIN, 5, 7), MONDAY + WEEK))


def test_end_of_week_is_the_members_midnight():
    assert end_of_week(BERLIN, MONDAY) == datetime(2026, 5, 10, 22, tzinfo=UTC)


slots = st.builds(Slot, st.sampled_from(ZONES).map(ZoneInfo), st.integers(min_value=1, max_value=7), st.integers(0, 23))


@examples(50)
@given(slots, st.randoms(use_true_random=False))
def test_schedule_with_outages_never_sends_twice_in_a_week(slot, random):
    delays = lambda: timedelta(minutes=random.choice([0, 0, 1, 90, 3_000, 15_000]))  # noqa: E731
    begin = datetime(2026, 1, 7, tzinfo=UTC)
    sent = letters(slot, begin, begin + 30 * WEEK, delays)
    local_weeks = [week_of(at.astimezone(slot.zone).date()) for _week, at in sent]
    assert local_weeks == [week for week, _at in sent] == sorted(set(local_weeks))


@examples(50)
@given(st.lists(slots, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_schedule_with_changing_wishes_never_sends_twice_in_a_week(wishes, random):
    now, handled, sent = datetime(2026, 3, 2, tzinfo=UTC), None, []
    for _step in range(200):
        due = plan(random.choice(wishes), now, handled)
        if due.due_week is not None:
            sent.append(due.due_week)
            handled = due.due_week
        now += timedelta(hours=random.randrange(1, 40))
    assert sent == sorted(set(sent))
