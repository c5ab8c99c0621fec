"""The quick log as a page, as a sheet, and without scripts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from contacts.people.picking import Picked
from contacts.people.topics import add_topic
from favours.journal.quick_log import log_help
from favours.journal.writing import Entry, trash_favour
from favours.models import Favour
from tests.htmx import HTMX

URL = "/log/"

Post = Callable[..., HttpResponse]


@pytest.fixture
def post(alice_client: Client) -> Post:
    """A function that submits the quick log as Alice, by default with a tip given today."""

    def send(headers: dict[str, str] | None = None, **fields: Any) -> HttpResponse:
        return alice_client.post(URL, {"mode": "give", "kind": "tip"} | fields, headers=headers or {})

    return send


def told(network: Network) -> list[tuple[str, str, set[str]]]:
    """Return the direction, kind and people of all favours, oldest first."""
    return [
        (favour.direction, favour.kind, {contact.display_name for contact in favour.contacts.all()})
        for favour in network.favours.order_by("pk")
    ]


def test_quick_log_is_a_page_and_a_sheet(alice_client: Client, network: Network) -> None:
    page = alice_client.get(URL).content.decode()
    sheet = alice_client.get(URL, headers=HTMX).content.decode()

    assert ("<html" in page, "<html" in sheet) == (True, False)
    assert (page.count('id="quick-log"'), sheet.count('id="quick-log"')) == (1, 1)


def test_quick_log_saves_by_the_kind(post: Post, network: Network, anna: Contact, ben: Contact) -> None:
    response = post(contacts=[anna.uuid, ben.uuid], kind="introduction")

    favour = network.favours.get()
    assert (response.status_code, response["Location"]) == (302, f"/log/?mode=give&after={favour.uuid}")
    assert told(network) == [("give", "introduction", {"Anna", "Ben"})]
    assert favour.day == network.today()


def test_quick_log_without_a_button_is_a_tip(alice_client: Client, network: Network, anna: Contact) -> None:
    alice_client.post(URL, {"mode": "receive", "contacts": anna.uuid})

    assert told(network) == [("receive", "tip", {"Anna"})]


def test_quick_log_keeps_what_stands_behind_more(post: Post, network: Network, anna: Contact, received: Favour) -> None:
    post(contacts=anna.uuid, day="2026-05-01", place="IHK evening", note="Oak", passes_on=received.uuid)

    favour = network.favours.get(direction="give")
    assert (str(favour.day), favour.place, favour.note, favour.passes_on) == (
        "2026-05-01",
        "IHK evening",
        "Oak",
        received,
    )


def test_help_received_passes_nothing_on(post: Post, network: Network, anna: Contact, received: Favour) -> None:
    """The choice is hidden in this mode, so anything left there is not intended."""
    post(mode="receive", contacts=anna.uuid, passes_on=received.uuid)

    assert set(network.favours.values_list("passes_on", flat=True)) == {None}


def test_new_people_are_made_in_passing_and_met_at_the_place(post: Post, network: Network) -> None:
    post(new_people="Zoe Quandt", people="Max Tal; Ida", place="IHK evening")

    assert told(network) == [("give", "tip", {"Zoe Quandt", "Max Tal", "Ida"})]
    assert set(network.contacts.values_list("how_met", flat=True)) == {"IHK evening"}
    assert network.contacts.get(given_name="Zoe").family_name == "Quandt"


def test_typed_name_of_several_asks_which_one(post: Post, network: Network) -> None:
    annas = [add_contact(network, given_name="Anna", family_name=name) for name in ("Weber", "Schmidt")]

    response = post(people="Anna", note="Oak")
    page = response.content.decode()

    assert (response.status_code, network.favours.count(), network.contacts.count()) == (422, 0, 2)
    assert [f'value="{anna.uuid}"' in page for anna in annas] == [True, True]
    assert ('name="new_people" value="Anna"' in page, ">\nOak</textarea>" in page) == (True, True)


def test_htmx_answers_the_next_form_and_the_toast(post: Post, network: Network, anna: Contact) -> None:
    response = post(HTMX, contacts=anna.uuid)
    page = response.content.decode()

    favour = network.favours.get()
    assert (response.status_code, response["HX-Trigger"]) == (200, "moments-changed")
    assert "<html" not in page
    assert "Saved: You gave Anna a tip." in page
    assert reverse("favours:delete", args=[favour.uuid]) in page
    assert reverse("favours:edit", args=[favour.uuid]) in page


def test_repeated_post_logs_once_and_makes_nobody_twice(post: Post, network: Network) -> None:
    fields = {"new_people": "Zoe", "client_key": str(uuid.uuid4())}
    first, second = post(**fields), post(**fields)

    assert first["Location"] == second["Location"]
    assert (network.favours.count(), network.contacts.count()) == (1, 1)


def test_repeated_heard_logs_once_and_makes_nobody_twice(post: Post, network: Network) -> None:
    fields = {"mode": "heard", "heard": "seeks", "text": "oak", "new_people": "Zoe", "client_key": str(uuid.uuid4())}
    post(**fields)
    post(**fields)

    assert (network.conversations.count(), network.contacts.count(), network.topics.count()) == (1, 1, 1)


def test_same_key_after_undo_does_not_log_again(post: Post, network: Network, anna: Contact) -> None:
    fields = {"contacts": anna.uuid, "client_key": str(uuid.uuid4())}
    post(**fields)
    trash_favour(network, network.favours.get())

    response = post(HTMX, **fields)

    assert (network.favours.count(), "This entry is in the trash." in response.content.decode()) == (0, True)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "wrong",
    [{"people": ""}, {"people": "Zoe", "day": "1850-01-01"}, {"people": "Zoe", "day": "soon"}, {"contacts": "x"}],
)
def test_invalid_post_loses_nothing_that_was_typed(
    post: Post, network: Network, headers: dict[str, str], wrong: dict[str, str]
) -> None:
    response = post(headers, note="Oak and beech", place="Fair", **wrong)
    page = response.content.decode()

    assert response.status_code == 422
    assert ("Oak and beech" in page, 'value="Fair"' in page, "errorlist" in page) == (True, True, True)
    assert ("Zoe" in page) == (wrong.get("people") == "Zoe")
    assert (network.favours.count(), network.contacts.count()) == (0, 0)


def test_heard_needs_words_and_one_person(post: Post, network: Network, anna: Contact, ben: Contact) -> None:
    assert post(mode="heard", contacts=anna.uuid, text=" ").status_code == 422
    assert post(mode="heard", contacts=[anna.uuid, ben.uuid], text="oak").status_code == 422
    assert network.conversations.count() == 0


@pytest.mark.parametrize(
    ("heard", "topics", "is_news"),
    [("seeks", [("seeks", "an office")], False), ("offers", [("offers", "an office")], False), ("news", [], True)],
)
def test_heard_notes_a_line_and_counts_as_a_conversation(
    post: Post, network: Network, anna: Contact, heard: str, topics: list[tuple[str, str]], is_news: bool
) -> None:
    post(mode="heard", heard=heard, contacts=anna.uuid, text="an office", kind="tip")

    talk = network.conversations.get()
    assert (list(network.topics.values_list("kind", "text")), talk.is_news) == (topics, is_news)
    assert (list(talk.contacts.all()), talk.day, network.favours.count()) == ([anna], network.today(), 0)


def test_heard_without_a_button_is_a_need(post: Post, network: Network, anna: Contact) -> None:
    """Pressing Enter in the text triggers the form's first button, which is hidden in this mode."""
    post(mode="heard", kind="tip", contacts=anna.uuid, text="an office")

    assert network.topics.get().kind == "seeks"


def test_place_is_carried_over_to_the_next_entry(post: Post, alice_client: Client, anna: Contact) -> None:
    post(contacts=anna.uuid, place="IHK evening")

    assert 'value="IHK evening"' in alice_client.get(URL).content.decode()


def test_place_is_not_carried_over_to_the_next_day(
    post: Post, alice_client: Client, network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(contacts=anna.uuid, place="IHK evening")
    session = alice_client.session
    session["place of the quick log"] = ("IHK evening", "2020-01-01")
    session.save()

    assert 'value="IHK evening"' not in alice_client.get(URL).content.decode()


def test_address_prefills_the_form(alice_client: Client, network: Network, anna: Contact) -> None:
    page = alice_client.get(
        URL, {"mode": "heard", "contacts": anna.uuid, "people": "Zoe", "text": "oak"}
    ).content.decode()

    assert (f'data-uuid="{anna.uuid}"' in page, 'value="Zoe"' in page, 'value="oak"' in page) == (True, True, True)
    (chosen,) = re.findall(r"<input[^>]* checked[^>]*>", page.split("</fieldset>")[0])
    assert 'value="heard"' in chosen


def test_searching_for_help_to_pass_on_keeps_the_form(post: Post, network: Network, received: Favour) -> None:
    page = post(search="received", received="ben", people="Zoe", note="Oak", place="Fair").content.decode()

    assert ("Zoe" in page, ">\nOak</textarea>" in page, 'value="Fair"' in page) == (True, True, True)
    assert ("errorlist" in page, network.favours.count(), network.contacts.count()) == (False, 1, 1)


def test_after_help_received_one_can_say_thanks(post: Post, anna: Contact) -> None:
    assert "Say thanks" in post(HTMX, mode="receive", contacts=anna.uuid).content.decode()
    assert "Say thanks" not in post(HTMX, mode="give", contacts=anna.uuid).content.decode()


def test_after_help_given_open_needs_can_be_settled(
    post: Post, alice_client: Client, network: Network, anna: Contact, ben: Contact
) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an office")
    add_topic(network, contact=ben, kind="seeks", text="a tax adviser")
    settle = reverse("favours:settle", args=[topic.uuid])

    page = post(HTMX, contacts=anna.uuid).content.decode()
    assert (settle in page, "a tax adviser" in page) == (True, False)
    assert alice_client.post(settle, headers=HTMX).status_code == 200
    topic.refresh_from_db()
    assert topic.closed_on == network.today()
    assert settle not in post(HTMX, contacts=anna.uuid).content.decode()


def test_settle_of_a_strangers_line_is_not_found(
    alice_client: Client, stranger_network: Network, strangers_eve: Contact
) -> None:
    topic = add_topic(stranger_network, contact=strangers_eve, kind="seeks", text="an office")

    assert alice_client.post(reverse("favours:settle", args=[topic.uuid])).status_code == 404
    topic.refresh_from_db()
    assert topic.closed_on is None


def test_strangers_people_and_entries_cannot_be_named(
    post: Post, network: Network, anna: Contact, strangers_eve: Contact, strangers_favour: Favour
) -> None:
    assert post(contacts=strangers_eve.uuid).status_code == 422
    assert post(contacts=anna.uuid, passes_on=strangers_favour.uuid).status_code == 422
    assert network.favours.count() == 0


def test_entry_of_a_stranger_is_not_told_afterwards(
    alice_client: Client, network: Network, strangers_favour: Favour
) -> None:
    page = alice_client.get(URL, {"after": strangers_favour.uuid}).content.decode()

    assert ("Say thanks" in page, "Eve" in page) == (False, False)


def test_received_finds_help_to_pass_on_and_keeps_the_chosen_one(
    alice_client: Client, network: Network, received: Favour, strangers_favour: Favour
) -> None:
    def options(**query: object) -> list[bool]:
        page = alice_client.get("/log/received/", query, headers=HTMX).content.decode()
        return [f'value="{favour.uuid}"' in page for favour in (received, strangers_favour)]

    assert options() == [True, False]
    assert options(received="timber") == [False, False]
    assert options(received="timber", passes_on=received.uuid) == [True, False]
    assert options(passes_on=strangers_favour.uuid) == [True, False]


def test_quick_log_needs_a_member(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/log/"


@pytest.mark.parametrize("people", [1, 3])
def test_quick_log_needs_a_fixed_number_of_queries(
    alice_client: Client, network: Network, people: int, django_assert_num_queries: Any
) -> None:
    for number in range(people):
        contact = add_contact(network, given_name=f"Anna {number}")
        log_help(network, Entry(direction="receive", kind="tip"), Picked([contact]))

    with django_assert_num_queries(6):
        alice_client.get(URL)
