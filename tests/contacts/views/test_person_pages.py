"""The page of one contact, and editing, archiving, deleting and erasing it."""

import re
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from contacts.calendar.reminders import remind_once
from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.circles import add_circle
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.relations import add_relation
from contacts.people.topics import add_topic
from contacts.templatetags.contact_text import WAY_WORDS
from tests.htmx import HTMX


@pytest.fixture
def anna(network: Network) -> Contact:
    """One of Alice's contacts."""
    return add_contact(
        network,
        given_name="Anna",
        family_name="Berg",
        ways=[Way("email", "anna@example.org"), Way("phone", "0221 1234567", "work")],
        circles=["Choir"],
    )


def url(name: str, contact: Contact) -> str:
    return reverse(f"contacts:{name}", args=[contact.uuid])


def form_data(contact: Contact, **changes: object) -> dict[str, object]:
    ways = list(contact.ways.values("kind", "label", "value"))
    data: dict[str, object] = {
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "ways-TOTAL_FORMS": len(ways) + 1,
        "ways-INITIAL_FORMS": len(ways),
    }
    for row, way in enumerate([*ways, {"kind": "email", "label": "", "value": ""}]):
        data |= {f"ways-{row}-{name}": value for name, value in way.items()}
    return data | changes


def test_labels_of_other_programs_are_told_in_the_members_words(
    alice_client: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WAY_WORDS, "home", "privat")
    ways = [Way("phone", "0221 5551", "home fax"), Way("phone", "0221 5552", "Büro am Ring")]
    page = alice_client.get(add_contact(network, given_name="Bert", ways=ways).get_absolute_url()).text
    assert [page.count(f">{label}</span>") for label in ("home fax", "privat fax", "Büro am Ring")] == [0, 1, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_detail_costs_nine_queries(
    alice_client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    names = [str(number) for number in range(count)]
    anna = add_contact(network, given_name="Anna", ways=[Way("phone", f"0221 555{n}") for n in names], circles=names)
    for name in names:
        add_topic(network, contact=anna, kind="seeks", text=name)
        remind_once(network, anna, text=name, day=network.today())
        add_relation(network, anna, label="friend", other=add_contact(network, given_name=name))
    with django_assert_num_queries(9):  # type: ignore[operator]
        alice_client.get(anna.get_absolute_url())


@pytest.mark.parametrize("name", ["detail", "edit"])
def test_pages_of_a_strangers_or_trashed_contact_are_not_found(
    alice_client: Client, mallory_client: Client, network: Network, anna: Contact, name: str
) -> None:
    assert mallory_client.get(url(name, anna)).status_code == 404
    trash_contacts(network, [anna])
    assert alice_client.get(url(name, anna)).status_code == 404


def test_detail_leads_to_mail_and_phone_but_to_no_foreign_scheme(alice_client: Client, network: Network) -> None:
    ways = [Way("email", "a@example.org"), Way("phone", "0221 1234567"), Way("link", "javascript:alert(1)")]
    page = alice_client.get(add_contact(network, given_name="Anna", ways=ways).get_absolute_url()).text
    assert ('href="mailto:a@example.org"' in page, 'href="tel:+492211234567"' in page) == (True, True)
    assert 'href="javascript' not in page


def test_first_number_and_address_stand_below_the_name(alice_client: Client, network: Network) -> None:
    """This test was seen to fail with the last number in place of the first."""
    ways = [
        Way("phone", "ask at the desk"),
        Way("phone", "0221 1234567"),
        Way("phone", "0221 7654321"),
        Way("email", "a@example.org"),
    ]
    page = alice_client.get(add_contact(network, given_name="Anna", ways=ways).get_absolute_url())
    assert {kind: way.value for kind, way in page.context["reach"].items()} == {
        "phone": "0221 1234567",
        "email": "a@example.org",
    }
    bare = alice_client.get(add_contact(network, given_name="Ben").get_absolute_url()).text
    assert 'class="reach"' not in bare


def test_edit_stores_everything(alice_client: Client, network: Network, anna: Contact) -> None:
    add_circle(network, name="IHK")
    ihk = network.circles.get(name="IHK")
    changes = {
        "family_name": "Tal",
        "birth_day": "3",
        "birth_month": "5",
        "notes": "Likes\r\ntea",
        "circles": [str(ihk.uuid)],
        "new_circles": "New, ihk",
        "has_died": "on",
        "ways-0-value": "new@example.org",
        "ways-1-DELETE": "on",
        "ways-2-kind": "link",
        "ways-2-value": "example.org/anna",
    }
    response = alice_client.post(url("edit", anna), form_data(anna, **changes))
    assert response["Location"] == anna.get_absolute_url()
    anna.refresh_from_db()
    assert (anna.display_name, anna.birth_day, anna.birth_year, anna.notes) == ("Anna Tal", 3, None, "Likes\ntea")
    assert (anna.has_died, set(anna.circles.values_list("name", flat=True))) == (True, {"IHK", "New"})
    assert list(anna.ways.values_list("value", flat=True)) == ["new@example.org", "https://example.org/anna"]


def test_edit_of_nothing_changes_nothing(alice_client: Client, network: Network) -> None:
    ways = [Way("phone", "ring me"), Way("address", "Street 1, City", parts=("", "", "Street 1", "City", "", "", ""))]
    anna = add_contact(network, given_name="Anna", display_name="Änni", ways=ways)
    page = alice_client.get(url("edit", anna)).context
    data = form_data(anna, display_name=page["form"].initial["display_name"])
    assert alice_client.post(url("edit", anna), data).status_code == 302
    anna.refresh_from_db()
    assert (anna.display_name, [way.parts for way in anna.ways.all()]) == ("Änni", [[], list(ways[1].parts)])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"given_name": "", "family_name": ""}, {"display_name"}),
        ({"birth_day": "31", "birth_month": "4"}, {"birth_day"}),
        ({"birth_year": "1990"}, {"birth_day"}),
        ({"birth_day": "x"}, {"birth_day"}),
        ({"birth_month": "13"}, {"birth_month"}),
        ({"met_on": "yesterday"}, {"met_on"}),
        ({"notes": "a\x00b"}, {"notes"}),
        ({"circles": str(uuid.uuid4())}, {"circles"}),
        ({"circles": "nonsense"}, {"circles"}),
    ],
)
def test_edit_refuses_what_cannot_be_right(
    alice_client: Client, anna: Contact, changes: dict[str, str], errors: set[str]
) -> None:
    response = alice_client.post(url("edit", anna), form_data(anna, **changes))
    assert (response.status_code, set(response.context["form"].errors)) == (422, errors)
    anna.refresh_from_db()
    assert anna.display_name == "Anna Berg"


@pytest.mark.parametrize(
    "changes",
    [
        {"ways-0-value": "nobody"},
        {"ways-0-kind": "link", "ways-0-value": "javascript:alert(1)"},
        {"ways-0-kind": "pigeon"},
        {"ways-TOTAL_FORMS": "9999"},
        {"ways-TOTAL_FORMS": "x"},
        {"ways-INITIAL_FORMS": ""},
    ],
)
def test_edit_refuses_ways_that_lead_nowhere(alice_client: Client, anna: Contact, changes: dict[str, str]) -> None:
    response = alice_client.post(url("edit", anna), form_data(anna, **changes))
    assert response.status_code == 422
    assert list(anna.ways.values_list("value", flat=True)) == ["anna@example.org", "0221 1234567"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_edit_answers_further_rows_and_keeps_what_is_typed(
    alice_client: Client, anna: Contact, headers: dict[str, str]
) -> None:
    data = form_data(anna, more_rows="1", **{"ways-2-value": "half typed"})
    response = alice_client.post(url("edit", anna), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (200, not headers)
    assert ("half typed" in response.text, 'name="ways-3-value"' in response.text) == (True, True)
    assert anna.ways.count() == 2


def test_edit_offers_only_ones_own_circles(alice_client: Client, stranger_network: Network, anna: Contact) -> None:
    strange = add_circle(stranger_network, name="Strange")
    response = alice_client.post(url("edit", anna), form_data(anna, circles=[str(strange.uuid)]))
    assert (response.status_code, "Strange" in response.text) == (422, False)


def test_archive_and_back(alice_client: Client, anna: Contact) -> None:
    for name, archived in (("archive", True), ("unarchive", False)):
        alice_client.post(url(name, anna))
        anna.refresh_from_db()
        assert (anna.archived_at is not None) == archived


def test_delete_can_be_taken_back(alice_client: Client, network: Network, anna: Contact) -> None:
    response = alice_client.post(url("delete", anna), follow=True)
    assert not network.contacts.exists()
    undone = alice_client.post(next(iter(response.context["messages"])).extra_tags)
    assert undone["Location"] == anna.get_absolute_url()
    assert network.contacts.exists()


def test_erase_asks_and_then_removes_what_is_in_the_trash(
    alice_client: Client, network: Network, anna: Contact
) -> None:
    assert alice_client.post(url("erase", anna)).status_code == 404
    trash_contacts(network, [anna])
    assert alice_client.get(url("erase", anna)).status_code == 200
    alice_client.post(url("erase", anna))
    assert not network.contacts(manager="with_trash").exists()


@pytest.mark.parametrize("name", ["edit", "archive", "unarchive", "delete", "erase", "talked_today", "add_topic"])
def test_acts_on_a_strangers_contact_are_not_found(mallory_client: Client, anna: Contact, name: str) -> None:
    assert mallory_client.post(url(name, anna), form_data(anna, kind="seeks", text="x")).status_code == 404
    anna.refresh_from_db()
    assert (anna.archived_at, anna.deleted_at, anna.topics.count(), anna.last_contact_on) == (None, None, 0, None)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_talked_today_logs_once(alice_client: Client, network: Network, anna: Contact, headers: dict[str, str]) -> None:
    key = str(uuid.uuid4())
    for _time in range(2):
        response = alice_client.post(url("talked_today", anna), {"client_key": key}, headers=headers)
        assert "<html" not in response.text
    assert list(network.conversations.values_list("day", flat=True)) == [network.today()]


def test_talked_today_works_without_a_key(alice_client: Client, network: Network, anna: Contact) -> None:
    alice_client.post(url("talked_today", anna), {"client_key": "nonsense"})
    assert network.conversations.count() == 1


def test_page_shows_what_else_files_told(alice_client: Client, network: Network) -> None:
    extra = ["NICKNAME:Änne", "item1.X-ABDATE:1999-05-03", "item1.X-ABLabel:Namenstag", "X-NETCRM-COLUMN:Haustier;Hund"]
    anna = add_contact(network, given_name="Anna", extra_properties=[*extra, "X-ABUID:technical"])
    shown = alice_client.get(anna.get_absolute_url()).content.decode()
    for text in ("Also known", "Änne", "Namenstag", "3 May 1999", "Haustier", "Hund"):
        assert text in shown
    assert "technical" not in shown


def test_page_without_anything_else_has_no_such_section(alice_client: Client, anna: Contact) -> None:
    assert "Also known" not in alice_client.get(anna.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("value", "day"), [("1999-05-03", date(1999, 5, 3)), ("--05-03", date(2000, 5, 3))])
def test_anniversary_goes_into_the_calendar(alice_client: Client, network: Network, value: str, day: date) -> None:
    anna = add_contact(network, given_name="Anna", extra_properties=[f"ANNIVERSARY:{value}"])
    shown = alice_client.get(anna.get_absolute_url()).content.decode()
    assert "Into the calendar" in shown
    fields = dict(re.findall(r'type="hidden" name="(text|day|yearly)" value="([^"]*)"', shown))
    alice_client.post(url("add_reminder", anna), fields)
    reminder = network.reminders.get()
    assert (reminder.text, reminder.returns_on) == ("Anniversary", day)
