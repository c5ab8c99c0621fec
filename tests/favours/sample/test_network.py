"""The sample network: plausible, reproducible, and removed with one tap."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Network
from contacts.people.directory import add_contact, archive_contacts, unarchive_contacts
from contacts.people.topics import add_topic
from favours.sample.network import add_sample, add_sample_once
from favours.suggestions.rounds import make_round, networks_without_round
from tests.elsewhere import elsewhere
from tests.favours.entries import log_favour


def told(network: Network) -> list[tuple[object, ...]]:
    """Return the contents of a network, without identifiers."""
    favours = network.favours.order_by("pk").values_list("direction", "kind", "day", "note", "place")
    people = network.contacts.order_by("pk").values_list("display_name", "role", "city", "birth_day", "how_met")
    return [*people, *favours]


def test_sample_of_one_seed_is_always_the_same(network: Network, stranger_network: Network) -> None:
    add_sample(network, contacts=15, favours=30, seed=7)
    add_sample(stranger_network, contacts=15, favours=30, seed=7)
    assert told(network) == told(stranger_network)
    assert len(told(network)) == 45


def test_command_adds_as_many_as_asked_for(network: Network) -> None:
    call_command("sample_network", owner=network.owner.email, contacts=12, favours=20, seed=2)
    assert (network.contacts.count(), network.favours.count()) == (12, 20)


def test_sample_comes_and_leaves_by_one_tap_each(network: Network, alice_client: Client) -> None:
    own = add_contact(network, display_name="A real person")
    alice_client.post(reverse("favours:sample"))
    assert network.contacts.count() == 41
    run = network.import_runs.get()
    invented = network.contacts.exclude(pk=own.pk)[0]
    log_favour(network, direction="give", kind="tip", day=network.today(), contacts=[invented])
    mixed = log_favour(network, direction="give", kind="tip", day=network.today(), contacts=[own, invented])
    alice_client.post(reverse("contacts:import_undo", args=[run.uuid]))
    assert list(network.contacts(manager="with_trash").all()) == [own]
    assert list(network.favours(manager="with_trash").all()) == [mixed]
    assert [part.share for part in network.participations.all()] == [1.0]
    assert network.conversations(manager="with_trash").count() == 0
    assert network.circles.count() == 0


def test_second_tap_brings_no_second_sample(network: Network, alice_client: Client) -> None:
    alice_client.post(reverse("favours:sample"))
    alice_client.post(reverse("favours:sample"))
    assert network.contacts.count() == 40
    assert network.import_runs.count() == 1


def test_suggestions_of_the_week_leave_with_the_sample_and_are_made_anew(
    network: Network, alice_client: Client
) -> None:
    own = add_contact(network, display_name="A real person")
    add_topic(network, contact=own, kind="seeks", text="a quiet office")
    add_sample(network)
    archive_contacts(network, [own])
    invented = make_round(network, network.today())
    assert len(invented.listed) > 0
    unarchive_contacts(network, [own])
    alice_client.post(reverse("contacts:import_undo", args=[network.import_runs.get().uuid]))
    assert networks_without_round(timezone.now(), limit=10) == [network.pk]
    assert [each.contact for each in make_round(network, network.today()).listed] == [own]


def test_suggestions_of_the_week_stay_where_the_sample_was_not_alone(network: Network, alice_client: Client) -> None:
    own = add_contact(network, display_name="A real person")
    add_topic(network, contact=own, kind="seeks", text="a quiet office")
    add_sample(network)
    made = make_round(network, network.today())
    assert {each.contact == own for each in made.listed} == {True, False}
    alice_client.post(reverse("contacts:import_undo", args=[network.import_runs.get().uuid]))
    assert network.rounds.get() == made
    assert [each.contact for each in network.suggestions.all()] == [own]


@pytest.mark.django_db(transaction=True)
def test_sample_asked_for_four_times_at_once_is_there_once(network: Network) -> None:
    assert sorted(elsewhere(lambda: add_sample_once(network), workers=4)) == [False, False, False, True]
    assert (network.import_runs.count(), network.contacts.count()) == (1, 40)
