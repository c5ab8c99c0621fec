"""Taking an entry back right after it was logged, using the URL in the message."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from contacts.models import Contact, Network
from contacts.people.circles import add_circle, add_to_circle
from favours.models import Favour


@pytest.fixture
def log(alice_client: Client) -> Any:
    """A function that logs as Alice and returns the URL that takes the entry back."""

    def send(**fields: Any) -> str:
        response = alice_client.post("/log/", {"mode": "give", "kind": "tip"} | fields)
        *_earlier, message = get_messages(response.wsgi_request)
        return message.extra_tags

    return send


def names(network: Network) -> set[str]:
    return set(network.contacts.values_list("display_name", flat=True))


def test_undo_takes_back_whom_the_entry_made(alice_client: Client, network: Network, log: Any, anna: Contact) -> None:
    undo = log(contacts=[anna.uuid], new_people="Zoe")
    alice_client.post(undo)
    assert (network.favours.count(), names(network)) == (0, {"Anna"})


def test_undo_of_what_was_heard_takes_back_whom_it_made(alice_client: Client, network: Network, log: Any) -> None:
    alice_client.post(log(mode="heard", heard="seeks", text="oak", new_people="Zoe"))
    assert (network.conversations.count(), network.topics.count(), names(network)) == (0, 0, set())


def test_undo_of_the_undo_brings_everybody_back(alice_client: Client, network: Network, log: Any) -> None:
    alice_client.post(log(new_people=["Zoe", "Yan"]))
    alice_client.post(f"/favours/{Favour.with_trash.get().uuid}/restore/")
    assert (network.favours.count(), names(network)) == (1, {"Zoe", "Yan"})


def test_undo_leaves_people_who_were_known_before(
    alice_client: Client, network: Network, log: Any, anna: Contact
) -> None:
    alice_client.post(log(contacts=[anna.uuid]))
    assert names(network) == {"Anna"}


def test_undo_leaves_people_who_have_been_met_since(alice_client: Client, network: Network, log: Any) -> None:
    undo = log(new_people="Zoe")
    log(contacts=[network.contacts.get().uuid])
    alice_client.post(undo)
    assert (network.favours.count(), names(network)) == (1, {"Zoe"})


def test_undo_leaves_people_who_have_been_written_about_since(alice_client: Client, network: Network, log: Any) -> None:
    undo = log(new_people="Zoe")
    zoe = network.contacts.get()
    add_to_circle(network, add_circle(network, name="Chamber of commerce"), [zoe])
    alice_client.post(undo)
    assert names(network) == {"Zoe"}


def test_deleting_an_entry_later_leaves_its_people(alice_client: Client, network: Network, log: Any) -> None:
    log(new_people="Zoe")
    alice_client.post(f"/favours/{network.favours.get().uuid}/delete/")
    assert names(network) == {"Zoe"}


def test_undo_takes_nobody_along_who_was_not_part_of_the_entry(
    alice_client: Client, network: Network, log: Any, anna: Contact, strangers_eve: Contact
) -> None:
    undo = log(new_people="Zoe")
    alice_client.post(f"{undo}&made={anna.uuid}&made={strangers_eve.uuid}&made=nonsense")
    strangers_eve.refresh_from_db()
    assert (names(network), strangers_eve.deleted_at) == ({"Anna"}, None)
