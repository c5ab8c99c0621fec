"""Reminders on a contact's page and on Today."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contacts.calendar.reminders import keep_in_touch, remind_once
from contacts.models import Contact, Network, Reminder
from contacts.people.directory import add_contact
from tests.htmx import HTMX


@pytest.fixture
def reminder(network: Network, anna: Contact) -> Reminder:
    """A reminder that is due today."""
    return remind_once(network, anna, text="Return the book", day=network.today())


def url(name: str, row: Contact | Reminder) -> str:
    return reverse(name, args=[row.uuid])


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("yearly", "kind"), [("", "once"), ("on", "yearly")])
def test_reminder_is_made(
    alice_client: Client, network: Network, anna: Contact, headers: dict[str, str], yearly: str, kind: str
) -> None:
    data = {"text": "Founding day", "day": "2031-02-28", "yearly": yearly}
    response = alice_client.post(url("contacts:add_reminder", anna), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
    assert list(network.reminders.values_list("contact", "kind", "text")) == [(anna.pk, kind, "Founding day")]
    assert "Founding day" in alice_client.get(anna.get_absolute_url()).text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("data", [{}, {"text": "x"}, {"text": "x", "day": "x"}, {"text": "x", "day": "9999-12-31"}])
def test_reminder_without_words_or_day_is_refused(
    alice_client: Client, network: Network, anna: Contact, headers: dict[str, str], data: dict[str, str]
) -> None:
    response = alice_client.post(url("contacts:add_reminder", anna), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (422, not headers)
    assert not network.reminders.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_rhythm_is_set_and_stopped(
    alice_client: Client, network: Network, anna: Contact, headers: dict[str, str]
) -> None:
    address = url("contacts:keep_in_touch", anna)
    assert alice_client.post(address, {"rhythm_days": "13"}, headers=headers).status_code == 422
    response = alice_client.post(address, {"rhythm_days": "91"}, headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert alice_client.get(anna.get_absolute_url()).text.count("Keep in touch every three months") == 1
    alice_client.post(url("contacts:stop_reminder", network.reminders.get()), headers=headers)
    assert alice_client.get(anna.get_absolute_url()).text.count("Keep in touch every three months") == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("act", ["done", "later", "stop"])
def test_one_click_on_today_and_back(
    alice_client: Client, reminder: Reminder, headers: dict[str, str], act: str
) -> None:
    assert alice_client.get("/").text.count("Return the book") == 1
    response = alice_client.post(url(f"favours:reminder_{act}", reminder), headers=headers, follow=not headers)
    assert ("<html" in response.text, response.text.count("Return the book")) == (not headers, 0)
    undo_url = url("favours:reminder_undo", reminder)
    assert f'action="{undo_url}"' in response.text
    assert alice_client.post(undo_url, follow=True).text.count("Return the book") == 1


def test_done_on_the_contacts_page_and_back(alice_client: Client, network: Network, reminder: Reminder) -> None:
    page = alice_client.post(url("contacts:finish_reminder", reminder), follow=True).text
    undo_url = url("contacts:undo_reminder", reminder)
    assert (page.count("Return the book"), page.count(f'action="{undo_url}"')) == (0, 1)
    assert alice_client.post(undo_url, follow=True).text.count("Return the book") == 1


def test_today_asks_for_two_at_most(alice_client: Client, network: Network) -> None:
    long_ago = network.today() - timedelta(days=100)
    for name in ("Anna", "Ben", "Clara"):
        keep_in_touch(network, add_contact(network, given_name=name), rhythm_days=30)
    network.reminders.update(due_on=long_ago)
    assert alice_client.get("/").text.count("Get in touch with") == 2


def test_strangers_reminder_is_not_found(mallory_client: Client, reminder: Reminder) -> None:
    names = [f"favours:reminder_{act}" for act in ("done", "later", "stop", "undo")]
    names += [f"contacts:{act}_reminder" for act in ("finish", "stop", "undo")]
    assert {mallory_client.post(url(name, reminder)).status_code for name in names} == {404}
