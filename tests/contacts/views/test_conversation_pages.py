"""Logging, editing and deleting conversations."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Conversation, Network
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact

ADD = reverse("contacts:add_conversation")


@pytest.fixture
def talk(network: Network, anna: Contact) -> Conversation:
    """Alice's conversation with Anna today."""
    return log_conversation(network, day=network.today(), contacts=[anna], note="Hello")


def url(name: str, talk: Conversation) -> str:
    return reverse(f"contacts:{name}_conversation", args=[talk.uuid])


def test_add_begins_with_the_people_of_the_address(alice_client: Client, anna: Contact) -> None:
    form = alice_client.get(ADD, {"contacts": str(anna.uuid)}).context["form"]
    assert form.picked.contacts == [anna]


def test_add_logs_with_known_and_new_people_once(alice_client: Client, network: Network, anna: Contact) -> None:
    data = {
        "contacts": str(anna.uuid),
        "people": "Ben Tal",
        "day": "2026-05-03",
        "place": "IHK",
        "client_key": str(uuid.uuid4()),
    }
    for _time in range(2):
        assert alice_client.post(ADD, data).status_code == 302
    talk = network.conversations.get()
    assert {person.display_name for person in talk.contacts.all()} == {"Anna", "Ben Tal"}
    assert (str(talk.day), talk.place) == ("2026-05-03", "IHK")
    assert network.contacts.get(given_name="Ben").how_met == "IHK"


@pytest.mark.parametrize(
    "data",
    [
        {"day": "2026-05-03"},
        {"people": "Anna"},
        {"people": "Anna", "day": "soon"},
        {"people": "Anna", "day": "1899-12-31"},
        {"people": "Anna", "day": "9999-12-31"},
        {"people": "Anna", "day": "2026-05-03", "note": "a\x00"},
        {"contacts": "nonsense", "day": "2026-05-03"},
    ],
)
def test_add_refuses_what_is_not_whole(
    alice_client: Client, network: Network, anna: Contact, data: dict[str, str]
) -> None:
    assert alice_client.post(ADD, data).status_code == 422
    assert (network.conversations.count(), network.contacts.count()) == (0, 1)


def test_add_takes_no_strangers_contact(mallory_client: Client, stranger_network: Network, anna: Contact) -> None:
    assert mallory_client.post(ADD, {"contacts": str(anna.uuid), "day": "2026-05-03"}).status_code == 422
    assert not stranger_network.conversations.exists()


def test_edit_stores_the_correction(alice_client: Client, network: Network, talk: Conversation) -> None:
    data = {"people": "Ben", "day": "2026-05-04", "note": "Hello again"}
    assert alice_client.get(url("edit", talk)).status_code == 200
    assert alice_client.post(url("edit", talk), data).status_code == 302
    talk.refresh_from_db()
    assert (str(talk.day), talk.note, [p.display_name for p in talk.contacts.all()]) == (
        "2026-05-04",
        "Hello again",
        ["Ben"],
    )
    assert alice_client.post(url("edit", talk), {"day": "x"}).status_code == 422


def test_delete_can_be_taken_back(alice_client: Client, network: Network, talk: Conversation) -> None:
    response = alice_client.post(url("delete", talk), follow=True)
    assert not network.conversations.exists()
    alice_client.post(next(iter(response.context["messages"])).extra_tags)
    assert network.conversations.exists()


@pytest.mark.parametrize("name", ["edit", "delete", "restore"])
def test_acts_on_a_strangers_conversation_are_not_found(mallory_client: Client, talk: Conversation, name: str) -> None:
    assert mallory_client.post(url(name, talk), {"people": "Ben", "day": "2026-05-04"}).status_code == 404
    talk.refresh_from_db()
    assert (talk.deleted_at, talk.note) == (None, "Hello")


@pytest.mark.parametrize("count", [1, 3])
def test_edit_costs_five_queries(
    alice_client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    people = [add_contact(network, given_name=f"Anna {number}") for number in range(count)]
    talk = log_conversation(network, day=network.today(), contacts=people)
    with django_assert_num_queries(5):  # type: ignore[operator]
        alice_client.get(url("edit", talk))
