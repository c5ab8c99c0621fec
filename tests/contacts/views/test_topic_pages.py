"""Topics on a contact's page, and the member's own offers."""

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Network, Topic
from contacts.people.topics import add_topic
from tests.htmx import HTMX

OWN = reverse("contacts:own_offers")


@pytest.fixture
def topic(network: Network, anna: Contact) -> Topic:
    """A topic that Anna seeks."""
    return add_topic(network, contact=anna, kind="seeks", text="an office")


def act(name: str, topic: Topic) -> str:
    return reverse(f"contacts:{name}_topic", args=[topic.uuid])


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("kind", ["seeks", "offers", "interest"])
def test_add_notes_a_line(
    alice_client: Client, network: Network, anna: Contact, kind: str, headers: dict[str, str]
) -> None:
    url = reverse("contacts:add_topic", args=[anna.uuid])
    response = alice_client.post(url, {"kind": kind, "text": "an office"}, headers=headers)
    assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
    assert list(network.topics.values_list("contact", "kind", "text")) == [(anna.pk, kind, "an office")]


def test_add_notes_news_as_a_conversation(alice_client: Client, network: Network, anna: Contact) -> None:
    alice_client.post(reverse("contacts:add_topic", args=[anna.uuid]), {"kind": "news", "text": "New job"})
    assert list(network.conversations.values_list("note", "is_news")) == [("New job", True)]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("data", [{"kind": "seeks"}, {"kind": "x", "text": "y"}, {"kind": "seeks", "text": "\u202e"}])
def test_add_refuses_what_says_nothing(
    alice_client: Client, anna: Contact, data: dict[str, str], headers: dict[str, str]
) -> None:
    response = alice_client.post(reverse("contacts:add_topic", args=[anna.uuid]), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (422, not headers)
    assert not anna.topics.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_acts_change_a_line(alice_client: Client, network: Network, topic: Topic, headers: dict[str, str]) -> None:
    network.topics.update(noted_on="2020-01-01")
    states = []
    for name in ("renew", "close", "reopen", "delete"):
        response = alice_client.post(act(name, topic), headers=headers)
        assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
        states.append(list(network.topics.values_list("renewed_on", "closed_on")))
    today = network.today()
    assert states == [[(today, None)], [(today, today)], [(today, None)], []]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_deleted_line_comes_back(alice_client: Client, network: Network, topic: Topic, headers: dict[str, str]) -> None:
    alice_client.post(act("delete", topic), headers=headers)
    response = alice_client.post(act("restore", topic), headers=headers)
    assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
    assert network.topics.get() == topic
    assert alice_client.post(act("restore", topic)).status_code == 404


@pytest.mark.parametrize("name", ["renew", "close", "reopen", "delete", "restore", "edit"])
def test_acts_on_a_strangers_line_are_not_found(
    mallory_client: Client, network: Network, topic: Topic, name: str
) -> None:
    assert mallory_client.post(act(name, topic), {"text": "changed"}).status_code == 404
    assert list(network.topics.values_list("text", "renewed_on", "closed_on")) == [("an office", None, None)]


def test_edit_puts_a_line_in_other_words(alice_client: Client, network: Network, topic: Topic) -> None:
    response = alice_client.post(act("edit", topic), {"text": "a workshop"})
    assert response["Location"] == topic.contact.get_absolute_url()
    assert network.topics.get().text == "a workshop"
    assert alice_client.post(act("edit", topic), {"text": ""}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_own_offers_cost_four_queries(
    alice_client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        add_topic(network, contact=None, kind="offers", text=f"Offer {number}")
    with django_assert_num_queries(4):  # type: ignore[operator]
        alice_client.get(OWN)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_own_offers_are_noted_and_settled(alice_client: Client, network: Network, headers: dict[str, str]) -> None:
    alice_client.post(OWN, {"text": "Proof-reading"}, headers=headers)
    topic = network.topics.get()
    assert (topic.contact, topic.kind, topic.text) == (None, "offers", "Proof-reading")
    response = alice_client.post(act("close", topic), headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert alice_client.post(OWN, {"text": ""}, headers=headers).status_code == 422


def test_own_offers_show_nobody_elses(mallory_client: Client, network: Network, stranger_network: Network) -> None:
    add_topic(network, contact=None, kind="offers", text="Proof-reading")
    assert "Proof-reading" not in mallory_client.get(OWN).text
