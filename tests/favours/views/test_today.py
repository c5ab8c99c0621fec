"""The start page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from contacts.calendar.birthdays import birthdays
from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.directory import archive_contacts
from favours.models import Favour
from favours.reciprocity import summaries
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.htmx import HTMX


def questions(client: Client) -> list[bool]:
    page = client.get("/").content.decode()
    asked = ("Whom did you help last?", "What are three people you know looking for right now?", "Bring your contacts.")
    return [question in page for question in asked]


def test_today_is_a_page_and_the_latest_entries(alice_client: Client, tip: Favour) -> None:
    page = alice_client.get("/").content.decode()
    part = alice_client.get("/", headers=HTMX).content.decode()

    assert ("<html" in page, "<html" in part) == (True, False)
    assert (page.count('id="quick-log"'), part.count('id="quick-log"')) == (1, 0)
    assert (" a tip." in page, " a tip." in part) == (True, True)


def test_first_visit_asks_until_there_is_an_answer(alice_client: Client, network: Network, anna: Contact) -> None:
    assert questions(alice_client) == [True, True, True]
    log_favour(network, direction="receive", kind="tip", contacts=[anna])
    assert questions(alice_client) == [False, True, True]
    hear(network, contact=anna, kind="seeks", text="an office", day=network.today())
    assert questions(alice_client) == [False, False, False]


def test_today_tells_nothing_of_a_stranger(mallory_client: Client, tip: Favour) -> None:
    assert questions(mallory_client) == [True, True, True]
    assert "<time" not in mallory_client.get("/").content.decode()


def test_today_names_near_birthdays(alice_client: Client, network: Network) -> None:
    day = network.today() + timedelta(days=1)
    make_people(network, "Anna", birth_month=day.month, birth_day=day.day)

    assert ">Anna</a> (tomorrow)" in alice_client.get("/").content.decode()


def named(network: Network) -> list[tuple[str, date]]:
    return [(contact.display_name, day) for day, contact in birthdays(network)]


def test_birthdays_are_those_of_the_next_seven_days(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Network, "today", lambda network: date(2026, 12, 28))
    for name, (month, day) in {"Late": (1, 4), "Too late": (1, 5), "Now": (12, 28), "Past": (12, 27)}.items():
        make_people(network, name, birth_month=month, birth_day=day)
    make_people(network, "Dead", birth_month=12, birth_day=29, has_died=True)
    archive_contacts(network, make_people(network, "Archived", birth_month=12, birth_day=29))

    assert named(network) == [("Now", date(2026, 12, 28)), ("Late", date(2027, 1, 4))]


@pytest.mark.parametrize(("year", "day"), [(2026, date(2026, 3, 1)), (2028, date(2028, 2, 29))])
def test_birthday_on_a_leap_day_is_never_skipped(
    network: Network, monkeypatch: pytest.MonkeyPatch, year: int, day: date
) -> None:
    monkeypatch.setattr(Network, "today", lambda network: date(year, 2, 27))
    make_people(network, "Leap", birth_month=2, birth_day=29)

    assert named(network) == [("Leap", day)]


def test_birthdays_of_strangers_are_not_named(network: Network, stranger_network: Network) -> None:
    today = network.today()
    make_people(stranger_network, "Eve", birth_month=today.month, birth_day=today.day)

    assert named(network) == []


@pytest.mark.parametrize("entries", [1, 3])
def test_today_needs_a_fixed_number_of_queries(
    alice_client: Client, network: Network, anna: Contact, entries: int, django_assert_num_queries: Any
) -> None:
    for _number in range(entries):
        log_favour(network, direction="give", kind="tip", contacts=[anna])

    with django_assert_num_queries(17):
        alice_client.get("/")


def test_running_month_of_the_band_is_a_ghost(alice_client: Client, network: Network) -> None:
    """Seen to fail with the band of a month that is over, which collapses on the first day of the next."""
    for each in make_people(network, *"ABCDE"):
        log_favour(network, direction="give", kind="tip", contacts=[each])
    summaries.recompute(network)
    page = alice_client.get("/")
    assert page.context["band"].ghost is not None
    assert "is not over yet" in page.content.decode()
