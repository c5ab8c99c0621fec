"""The sample network: plausible, reproducible, and gone by one tap."""

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from contacts.directory import add_contact
from contacts.models import Network
from favours.journal import log_favour
from favours.sample import add_sample


def told(network: Network) -> list[tuple[object, ...]]:
    """What a network holds, without identifiers."""
    favours = network.favours.order_by("pk").values_list("direction", "kind", "day", "note", "place")
    people = network.contacts.order_by("pk").values_list("shown_name", "role", "city", "birth_day", "how_met")
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
    own = add_contact(network, shown_name="A real person")
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
