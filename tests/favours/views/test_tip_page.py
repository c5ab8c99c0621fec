"""The tip page: its text box, the people it finds, and passing on, keeping and removing tips."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.models import Favour, TipBoxItem
from favours.tips.tip_box import keep_tip, kept_tips
from tests.htmx import HTMX

TIP = reverse("favours:tip")
KEEP = reverse("favours:tip_keep")


@pytest.fixture
def anna(network: Network) -> Contact:
    """A contact who is looking for an office."""
    anna = add_contact(network, given_name="Anna", ways=[Way("email", "anna@example.org")])
    add_topic(network, contact=anna, kind="seeks", text="a small office")
    return anna


@pytest.fixture
def item(network: Network) -> TipBoxItem:
    """A tip in Alice's box."""
    return keep_tip(network, "An office in Ehrenfeld")


def test_page_is_whole_and_its_matches_are_a_part(alice_client: Client, anna: Contact) -> None:
    whole = alice_client.get(TIP, {"text": "office"})
    part = alice_client.get(TIP, {"text": "office"}, headers=HTMX)
    assert ("<html" in whole.text, "<html" in part.text) == (True, False)
    assert ("<mark>office</mark>" in whole.text, "<mark>office</mark>" in part.text) == (True, True)
    assert part["HX-Replace-Url"] == f"{TIP}?text=office"


def test_page_without_words_shows_nobody(alice_client: Client, anna: Contact) -> None:
    assert alice_client.get(TIP, {"text": " "}).context["found"].people == set()
    assert "Pass it on" not in alice_client.get(TIP, headers=HTMX).text


def test_page_shows_nobody_of_a_stranger(mallory_client: Client, anna: Contact, item: TipBoxItem) -> None:
    page = mallory_client.get(TIP, {"text": "office", "item": str(item.uuid), "contacts": str(anna.uuid)})
    assert page.context["found"].people == set()
    assert ("Anna" in page.text, "Ehrenfeld" in page.text) == (False, False)


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        (date(2026, 11, 1), "is looking for"),
        (date(2026, 5, 3), "was looking in May for"),
        (date(2025, 5, 3), "was looking in May 2025 for"),
    ],
)
def test_page_says_when_somebody_was_looking(
    alice_client: Client, network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch, noted: date, words: str
) -> None:
    monkeypatch.setattr(Network, "today", lambda network: date(2026, 11, 23))
    network.topics.update(noted_on=noted)
    told = re.search(r'class="rests-on[^"]*">([^:]*):', alice_client.get(TIP, {"text": "office"}).text)
    assert told is not None
    assert told[1] == words


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_nine_queries(
    alice_client: Client, network: Network, anna: Contact, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        add_topic(network, contact=add_contact(network, given_name=f"A{number}"), kind="seeks", text=f"office {number}")
        keep_tip(network, f"Tip {number}")
    alice_client.get(TIP, {"text": "office"})
    with django_assert_num_queries(9):  # type: ignore[operator]
        alice_client.get(TIP, {"text": "office"})


def test_text_is_shown_as_text(alice_client: Client, network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    add_topic(network, contact=anna, kind="offers", text="<b>Büro</b> & Bürokram")
    page = alice_client.get(TIP, {"text": "Büro<i>"}).text
    assert re.findall(r"offers: (.*?)</span>", page) == ["&lt;b&gt;<mark>Büro</mark>&lt;/b&gt; &amp; Bürokram"]
    assert ("<b>" in page, "<i>" in page) == (False, False)


def test_passing_on_logs_one_tip_and_shows_the_text_to_send(
    alice_client: Client, network: Network, anna: Contact, item: TipBoxItem
) -> None:
    ben = add_contact(network, given_name="Ben")
    data = {"text": item.text, "contacts": [anna.uuid, ben.uuid], "people": "Clara", "item": item.uuid}
    response = alice_client.post(TIP, data | {"client_key": uuid.uuid4()}, follow=True)

    favour = network.favours.get()
    assert response.redirect_chain == [(reverse("favours:tip_passed", args=[favour.uuid]), 302)]
    assert {contact.given_name for contact in favour.contacts.all()} == {"Anna", "Ben", "Clara"}
    assert [contact.given_name for contact, ways in response.context["people"] if ways] == ["Anna"]
    assert "mailto:anna@example.org?body=An%20office%20in%20Ehrenfeld" in response.text
    assert kept_tips(network) == []


def test_passing_on_twice_logs_once(alice_client: Client, network: Network, anna: Contact) -> None:
    data = {"text": "An office", "contacts": [anna.uuid], "client_key": uuid.uuid4()}
    first, again = alice_client.post(TIP, data), alice_client.post(TIP, data)
    assert (first["Location"], network.favours.count()) == (again["Location"], 1)


def test_undo_leads_back_to_the_tip(alice_client: Client, network: Network, anna: Contact, item: TipBoxItem) -> None:
    alice_client.post(TIP, {"text": item.text, "contacts": [anna.uuid], "item": item.uuid})
    response = alice_client.post(reverse("favours:tip_undo", args=[network.favours.get().uuid]))
    assert response["Location"] == f"{TIP}?text=An+office+in+Ehrenfeld&item={item.uuid}"
    assert (network.favours.count(), kept_tips(network)) == (0, [item])


@pytest.mark.parametrize(
    ("data", "status"),
    [({"text": "An office"}, 422), ({"text": " ", "people": "Ben"}, 422), ({"text": "x" * 601, "people": "Ben"}, 422)],
)
def test_passing_on_says_what_is_missing(
    alice_client: Client, network: Network, data: dict[str, str], status: int
) -> None:
    response = alice_client.post(TIP, data)
    assert (response.status_code, 'class="errorlist"' in response.text) == (status, True)
    assert (network.favours.count(), network.contacts.count()) == (0, 0)


def test_passing_on_refuses_what_is_a_strangers(
    mallory_client: Client, stranger_network: Network, network: Network, anna: Contact, item: TipBoxItem
) -> None:
    for data in ({"contacts": [anna.uuid]}, {"people": "Ben", "item": item.uuid}):
        assert mallory_client.post(TIP, {"text": "An office", **data}).status_code == 422
    assert (stranger_network.favours.count(), kept_tips(network)) == (0, [item])


def test_who_was_picked_stays_picked_while_the_words_change(alice_client: Client, network: Network) -> None:
    ben = add_contact(network, given_name="Ben")
    page = alice_client.get(TIP, {"text": "office", "contacts": [ben.uuid], "new_people": ["Clara"]}, headers=HTMX)
    others = page.context["others"]
    assert (others.contacts, others.new_names) == ([ben], ["Clara"])


def test_keeping_puts_a_tip_into_the_box(alice_client: Client, network: Network) -> None:
    response = alice_client.post(KEEP, {"text": " A grant "})
    assert (response["Location"], [tip.text for tip in kept_tips(network)]) == (TIP, ["A grant"])
    assert alice_client.post(KEEP, {"text": ""}).status_code == 422


def test_removing_takes_a_tip_out_of_the_box(
    alice_client: Client, mallory_client: Client, network: Network, item: TipBoxItem
) -> None:
    url = reverse("favours:tip_remove", args=[item.uuid])
    assert mallory_client.post(url).status_code == 404
    assert kept_tips(network) == [item]
    page = alice_client.post(url, follow=True)
    assert kept_tips(network) == []
    assert f'<a href="{TIP}?text=An+office+in+Ehrenfeld">' in page.text


def test_only_tips_given_are_shown_as_passed_on(alice_client: Client, received: Favour, tip: Favour) -> None:
    answers = {
        name: alice_client.get(reverse("favours:tip_passed", args=[favour.uuid])).status_code
        for name, favour in {"received": received, "tip": tip}.items()
    }
    assert answers == {"received": 404, "tip": 200}
    assert alice_client.post(reverse("favours:tip_undo", args=[received.uuid])).status_code == 404
