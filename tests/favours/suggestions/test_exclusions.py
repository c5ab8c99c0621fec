"""People whom the member no longer wants suggested."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.directory import trash_contacts
from favours.suggestions.answers import exclude
from favours.suggestions.evidence import gather
from favours.suggestions.exclusions import excluded_people, readmit
from favours.suggestions.rounds import make_round
from tests.favours.conftest import make_people


@pytest.fixture
def jana(network: Network) -> Contact:
    """A contact who was suggested and then excluded."""
    (jana,) = make_people(network, "Jana")
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=network.today())
    exclude(network, make_round(network, network.today()).listed[0])
    return jana


def is_excluded_next_week(network: Network) -> bool:
    (candidate,) = gather([network], network.today() + timedelta(weeks=1))[network].candidates
    return candidate.never


def test_letter_page_lists_who_is_excluded_and_takes_it_back(
    network: Network, alice_client: Client, jana: Contact
) -> None:
    assert alice_client.get(reverse("favours:letter")).context["excluded"] == [jana]
    assert is_excluded_next_week(network)
    response = alice_client.post(reverse("favours:suggest_again", args=[jana.uuid]))
    assert response["Location"] == reverse("favours:letter")
    assert alice_client.get(reverse("favours:letter")).context["excluded"] == []
    assert not is_excluded_next_week(network)


def test_readmitting_twice_or_somebody_else_changes_nothing(network: Network, jana: Contact) -> None:
    (omar,) = make_people(network, "Omar")
    readmit(network, omar)
    assert excluded_people(network) == [jana]
    readmit(network, jana)
    readmit(network, jana)
    assert excluded_people(network) == []


def test_excluded_people_of_others_and_in_the_trash_are_not_listed(
    network: Network, stranger_network: Network, jana: Contact
) -> None:
    assert excluded_people(stranger_network) == []
    trash_contacts(network, [jana])
    assert excluded_people(network) == []
