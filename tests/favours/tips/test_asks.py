"""The member's own asks: noted, matched with people who may know, and closed only by the member."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Network, Topic
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic, close_topic
from favours.models import Favour, Participation, Suggestion
from favours.suggestions.answers import log_it
from favours.suggestions.rounds import current_round, make_round
from favours.tips.asks import add_ask, open_asks, who_may_know
from favours.tips.needs import asks_that_fit
from favours.tips.tip_box import find_people
from tests.favours.entries import log_favour
from tests.htmx import HTMX


@pytest.fixture
def ask(network: Network) -> Topic:
    return add_ask(network, "a bookkeeper")


@pytest.fixture
def eva(network: Network) -> Contact:
    """A contact whose notes mention a bookkeeper."""
    return add_contact(network, given_name="Eva", notes="Met at the fair. Her sister is a bookkeeper in Linz.")


def asked_for(network: Network) -> Suggestion:
    """Return the only suggestion of this week's round that is about an ask."""
    (suggestion,) = (each for each in make_round(network, network.today()).listed if each.signals[0].kind == "ask")
    return suggestion


def test_ask_finds_who_offers_is_or_knows_it(network: Network, ask: Topic, eva: Contact) -> None:
    markus = add_contact(network, given_name="Markus", role="Bookkeeper")
    lea = add_contact(network, given_name="Lea")
    add_topic(network, contact=lea, kind="offers", text="bookkeeper")
    add_topic(network, contact=add_contact(network, given_name="Jana"), kind="seeks", text="a bookkeeper")
    assert {person.contact for person in who_may_know(network, ask)} == {markus, lea, eva}


def test_ask_is_noted_once_and_stays_with_the_member(network: Network, stranger_network: Network, ask: Topic) -> None:
    assert add_ask(network, " a  bookkeeper ") == ask
    assert list(open_asks(network)) == [ask]
    assert list(open_asks(stranger_network)) == []


def test_ask_is_nobody_elses_need(network: Network, ask: Topic) -> None:
    add_contact(network, given_name="Eva")
    network.tip_box_items.create(text="a bookkeeper", kept_on=network.today())
    assert make_round(network, network.today()).listed == []
    found = find_people(network, "bookkeeper")
    assert (found.people, [match.topic for match in found.own_asks]) == (set(), [ask])


def test_round_names_one_person_to_ask_with_the_reason(network: Network, ask: Topic, eva: Contact) -> None:
    add_contact(network, given_name="Markus", notes="Knows a bookkeeper.")
    add_ask(network, "a bookkeeping course")
    suggestion = asked_for(network)
    assert suggestion == current_round(network, network.today()).listed[-1]
    assert suggestion.signals[0].topic in open_asks(network)


def test_note_that_was_changed_is_no_reason_any_more(network: Network, ask: Topic, eva: Contact) -> None:
    asked_for(network)
    network.contacts.filter(pk=eva.pk).update(notes="Met at the fair.")
    assert current_round(network, network.today()).listed == []


def test_settled_ask_is_asked_for_no_more(network: Network, ask: Topic, eva: Contact) -> None:
    asked_for(network)
    close_topic(network, ask)
    assert current_round(network, network.today()).listed == []


def test_what_came_is_logged_as_help_received_and_leaves_the_ask_open(
    network: Network, ask: Topic, eva: Contact
) -> None:
    favour = log_it(network, asked_for(network))
    assert isinstance(favour, Favour)
    assert (favour.direction, favour.note, list(favour.contacts.all())) == ("receive", "a bookkeeper", [eva])
    assert asks_that_fit(network, favour) == [ask]
    assert list(open_asks(network)) == [ask]


@pytest.mark.parametrize("direction", ["give", "receive"])
def test_no_state_of_an_ask_follows_from_the_direction_of_help(
    network: Network, ask: Topic, eva: Contact, direction: str
) -> None:
    before = Topic.objects.filter(pk=ask.pk).values().get()
    favour = log_favour(network, direction=direction, kind="tip", contacts=[eva], note="A bookkeeper!")
    turned = {"give": "receive", "receive": "give"}[direction]
    Favour.objects.filter(pk=favour.pk).update(direction=turned)
    Participation.objects.filter(favour=favour).update(direction=turned)
    assert Topic.objects.filter(pk=ask.pk).values().get() == before
    assert [person.contact for person in who_may_know(network, ask)] == [eva]


def test_tip_page_notes_an_ask_and_shows_whom_to_ask(alice_client: Client, network: Network, eva: Contact) -> None:
    added = alice_client.post(reverse("favours:ask_add"), {"ask": "a bookkeeper"})
    ask = open_asks(network).get()
    assert added["Location"] == reverse("favours:ask", args=[ask.uuid])
    assert [person.contact for person in alice_client.get(added["Location"]).context["people"]] == [eva]
    assert "a bookkeeper" in alice_client.get(reverse("favours:tip")).content.decode()
    picked = alice_client.get(added["Location"], {"contacts": str(eva.uuid)}).context
    assert picked["text"].startswith("Hello Eva, I am looking for: “a bookkeeper”. You came to my mind.")
    log = alice_client.get(picked["log_address"]).context["form"]
    assert (log["mode"].value(), log["note"].value(), log.picked.contacts) == ("receive", "a bookkeeper", [eva])


def test_empty_ask_is_refused_in_words(alice_client: Client, network: Network) -> None:
    page = alice_client.post(reverse("favours:ask_add"), {"ask": " "}, follow=True)
    assert "Write down in a few words what you are looking for." in page.content.decode()
    assert not open_asks(network).exists()


@pytest.mark.parametrize("with_somebody", [True, False])
def test_quick_log_notes_an_ask_without_anybody(
    alice_client: Client, network: Network, eva: Contact, with_somebody: bool
) -> None:
    form = {"mode": "ask", "text": "a bookkeeper"} | ({"contacts": str(eva.uuid)} if with_somebody else {})
    shown = alice_client.post(reverse("favours:log"), form, headers=HTMX)
    assert [person.contact for person in shown.context["people"]] == [eva]
    assert open_asks(network).get().text == "a bookkeeper"
    assert not network.favours.exists()
    assert alice_client.post(reverse("favours:log"), {"mode": "ask"}).status_code == 422


def test_help_received_asks_whether_the_ask_is_settled(
    alice_client: Client, network: Network, ask: Topic, eva: Contact
) -> None:
    form = {"mode": "receive", "contacts": str(eva.uuid), "note": "Found me a bookkeeper"}
    shown = alice_client.post(reverse("favours:log"), form, headers=HTMX).content.decode()
    assert "You were looking for a bookkeeper. Is that settled?" in shown
    alice_client.post(reverse("favours:settle", args=[ask.uuid]))
    assert not open_asks(network).exists()


def test_own_asks_are_kept_apart_from_own_offers(alice_client: Client, network: Network, ask: Topic) -> None:
    offer = add_topic(network, contact=None, kind="offers", text="proofreading")
    assert alice_client.get(reverse("contacts:own_asks")).context["open"] == [ask]
    assert alice_client.get(reverse("contacts:own_offers")).context["open"] == [offer]
    closed = alice_client.post(reverse("contacts:close_topic", args=[ask.uuid]))
    assert closed["Location"] == reverse("contacts:own_asks")
    assert alice_client.get(reverse("contacts:own_asks")).context["closed"] == [ask]
    alice_client.post(reverse("contacts:own_asks"), {"text": "a cello"})
    assert [each.text for each in open_asks(network)] == ["a cello"]


def matched(*arguments: str) -> str:
    out = StringIO()
    call_command("match", "--owner", "alice@example.org", *arguments, stdout=out)
    return out.getvalue()


def test_command_answers_from_the_members_asks(network: Network, ask: Topic, eva: Contact) -> None:
    (found,) = json.loads(matched("--asked", "--json"))
    assert (found["ask"], found["contact"], found["kind"]) == ("a bookkeeper", "Eva", "notes")
    assert matched("--asked").startswith("a bookkeeper: ")
    for arguments in ((), ("bookkeeper", "--asked")):
        with pytest.raises(CommandError):
            matched(*arguments)
