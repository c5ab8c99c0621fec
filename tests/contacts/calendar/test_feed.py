"""The calendar feed: its content, who may read it, and that nothing reveals its URL."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language
from icalendar import Calendar

from accounts.models import User
from contacts.calendar.birthdays import birthdays
from contacts.calendar.feed import close_feed, network_of_token, open_feed, write_calendar
from contacts.calendar.reminders import finish_reminder, keep_in_touch, remind_once, remind_yearly
from contacts.erasing.contacts import erase_contacts
from contacts.models import CalendarFeed, Contact, Network
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact, archive_contacts, trash_contacts
from contacts.views import calendar

PAGE = reverse("contacts:calendar")
FEED = reverse("contacts:calendar_feed")
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Network, "today", lambda network: TODAY)


def born(network: Network, name: str, year: int | None, month: int, day: int) -> Contact:
    return add_contact(network, given_name=name, birth_year=year, birth_month=month, birth_day=day)


def written(network: Network) -> bytes:
    return write_calendar(network, base_url="https://netcrm.example")


def events(network: Network) -> list[tuple[str, date, str]]:
    """Return summary, first day and recurrence rule of every event."""
    parsed = Calendar.from_ical(written(network))
    return [
        (str(event["summary"]), event.decoded("dtstart"), event["rrule"].to_ical().decode() if "rrule" in event else "")
        for event in parsed.walk("VEVENT")
    ]


def test_calendar_holds_birthdays_with_and_without_a_year(network: Network) -> None:
    born(network, "Anna", 1980, 5, 3)
    born(network, "Ben", None, 12, 31)
    born(network, "Leo", 1996, 2, 29)
    born(network, "Lea", None, 2, 29)
    assert events(network) == [
        ("Birthday: Anna", date(1980, 5, 3), "FREQ=YEARLY"),
        ("Birthday: Ben", date(2000, 12, 31), "FREQ=YEARLY"),
        ("Birthday: Leo", date(1996, 2, 29), "FREQ=YEARLY;INTERVAL=4"),
        *(("Birthday: Leo", date(year, 3, 1), "FREQ=YEARLY;INTERVAL=4") for year in (1997, 1998, 1999)),
        ("Birthday: Lea", date(2000, 2, 29), "FREQ=YEARLY;INTERVAL=4"),
        *(("Birthday: Lea", date(year, 3, 1), "FREQ=YEARLY;INTERVAL=4") for year in (2001, 2002, 2003)),
    ]


@pytest.mark.parametrize("is_reminder", [False, True])
def test_calendar_and_list_celebrate_the_leap_day_on_the_same_days(network: Network, *, is_reminder: bool) -> None:
    leo = born(network, "Leo", 1996, 2, 29)
    if is_reminder:
        remind_yearly(network, leo, text="Founding day", day=date(1996, 2, 29))
    start = datetime(2026, 1, 1)  # noqa: DTZ001
    found = []
    for event in Calendar.from_ical(written(network)).walk("VEVENT"):
        if str(event["summary"]).startswith("Birthday") != is_reminder:
            first = datetime.combine(event.decoded("dtstart"), time())
            rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=first)
            found += [day.date() for day in rule.between(start, datetime(2034, 1, 1))]  # noqa: DTZ001
    assert sorted(found) == [
        *(date(year, 3, 1) for year in (2026, 2027)),
        date(2028, 2, 29),
        *(date(year, 3, 1) for year in (2029, 2030, 2031)),
        date(2032, 2, 29),
        date(2033, 3, 1),
    ]
    assert sorted(found) == [birthdays(network, days=70, today=date(year, 1, 1))[0][0] for year in range(2026, 2034)]


def test_events_have_different_identifiers(network: Network) -> None:
    born(network, "Leo", 1996, 2, 29)
    uids = [str(event["uid"]) for event in Calendar.from_ical(written(network)).walk("VEVENT")]
    assert len(set(uids)) == len(uids) == 4


def test_calendar_holds_reminders(network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    log_conversation(network, day=TODAY - timedelta(days=10), contacts=[anna])
    anna.refresh_from_db()
    remind_once(network, anna, text="Call, or write; soon", day=TODAY)
    remind_yearly(network, anna, text="Founding day", day=date(1999, 7, 1))
    keep_in_touch(network, anna, rhythm_days=30)
    finish_reminder(network, remind_once(network, anna, text="Done already", day=TODAY))
    assert events(network) == [
        ("Anna: Call, or write; soon", TODAY, ""),
        ("Anna: Founding day", date(1999, 7, 1), "FREQ=YEARLY"),
        ("Get in touch with Anna again?", TODAY + timedelta(days=20), ""),
    ]


def test_calendar_leaves_out_who_is_gone_and_whoever_is_anothers(network: Network, stranger_network: Network) -> None:
    anna, ben = born(network, "Anna", None, 5, 3), born(network, "Ben", None, 5, 3)
    archive_contacts(network, [anna])
    trash_contacts(network, [ben])
    add_contact(network, given_name="Clara", birth_month=5, birth_day=3, has_died=True)
    born(stranger_network, "Eve", None, 5, 3)
    assert events(network) == []


def test_calendar_is_valid_and_stays_the_same(network: Network) -> None:
    anna = born(network, "Ännchen " + "von Tharau " * 10, None, 5, 3)
    remind_once(network, anna, text="x\\y", day=TODAY)
    text = written(network)
    assert written(network) == text
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert [line for line in text.split(b"\r\n") if len(line) > 75 or b"\n" in line] == []
    parsed = Calendar.from_ical(text)
    assert (parsed["version"], [event.errors for event in parsed.walk("VEVENT")]) == ("2.0", [[], []])
    required = {"UID", "DTSTAMP", "DTSTART", "SUMMARY"}
    assert [required - event.keys() for event in parsed.walk("VEVENT")] == [set(), set()]
    assert {event["url"] for event in parsed.walk("VEVENT")} == {f"https://netcrm.example/contacts/{anna.uuid}/"}


def test_token_is_random_and_stored_as_a_hash_alone(network: Network) -> None:
    first = open_feed(network)
    second = open_feed(network)
    assert (len(second) >= 22, first != second) == (True, True)
    assert (network_of_token(first), network_of_token(second)) == (None, network)
    assert second not in str(CalendarFeed.objects.values_list())
    close_feed(network)
    assert network_of_token(second) is None


def test_token_of_a_closed_account_opens_nothing(network: Network) -> None:
    token = open_feed(network)
    User.objects.filter(pk=network.owner_id).update(is_active=False)
    assert network_of_token(token) is None


# Pages


def made(client: Client) -> str:
    """Create a feed on the page and return its URL without the host."""
    page = client.post(PAGE, {"act": "make"}).text
    return re.search(r'value="http://[^/"]+(/[^"]+)"', page)[1]  # type: ignore[index]


def test_address_is_shown_once_and_read_without_signing_in(
    alice_client: Client, client: Client, network: Network
) -> None:
    born(network, "Anna", 1980, 5, 3)
    address = made(alice_client)
    assert "?key=" not in alice_client.get(PAGE).text
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert response.content.count(b"Birthday: Anna") == 1


def test_feed_speaks_the_members_language(
    alice_client: Client, client: Client, network: Network, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []

    def listening(network: Network, *, base_url: str) -> bytes:
        spoken.append(get_language() or "")
        return write_calendar(network, base_url=base_url)

    monkeypatch.setattr(calendar, "write_calendar", listening)
    address = made(alice_client)
    User.objects.filter(pk=alice.pk).update(language="de")
    client.get(address)
    assert spoken == ["de"]


def test_feed_answers_nothing_new_to_who_has_it(alice_client: Client, client: Client, network: Network) -> None:
    anna = born(network, "Anna", 1980, 5, 3)
    address = made(alice_client)
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    erase_contacts(network, [anna])
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_revoked_address_is_not_found(alice_client: Client, client: Client, network: Network) -> None:
    address = made(alice_client)
    alice_client.post(PAGE, {"act": "revoke"})
    for wrong in (address, FEED, f"{FEED}?key=", f"{FEED}?key=%00%ff"):
        assert client.get(wrong).status_code == 404
    assert not network.calendar_feeds.exists()


def test_nothing_logs_the_secret(
    alice_client: Client, client: Client, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        address = made(alice_client)
        client.get(address)
        alice_client.post(PAGE, {"act": "revoke"})
        client.get(address)
    secret = address.partition("key=")[2]
    logged = [record for record in caplog.records if record.name != "django.db.backends"]
    assert ("Not Found" in caplog.text, [record for record in logged if secret in record.getMessage()]) == (True, [])


@pytest.mark.parametrize("count", [1, 3])
def test_feed_costs_three_queries(
    alice_client: Client, client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        remind_once(network, born(network, f"Anna {number}", None, 5, 3), text="x", day=TODAY)
    address = made(alice_client)
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get(address)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_calendar_lets_no_text_become_a_line_of_its_own(network: Network, end: str) -> None:
    anna = born(network, "Anna", 1980, 5, 3)
    remind_once(network, anna, day=TODAY, text="Call")
    # Written directly, because forms and imports reduce names to one line.
    network.contacts.update(display_name=f"Anna{end}ATTENDEE:mailto:eve@example.org{end}END:VCALENDAR")
    network.reminders.update(text=f"Call{end}END:VEVENT")
    lines = written(network).decode().replace("\r\n ", "").splitlines()
    assert [line for line in lines if line.startswith("ATTENDEE")] == []
    assert lines.count("END:VEVENT") == 2
    assert lines.count("END:VCALENDAR") == 1
