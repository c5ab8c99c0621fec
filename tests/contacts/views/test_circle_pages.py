"""The pages of circles."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Circle, Contact, Network
from contacts.people.circles import add_circle, add_to_circle
from contacts.people.directory import add_contact, add_contacts
from contacts.people.person import Person
from tests.htmx import HTMX

CIRCLES = reverse("contacts:circles")


@pytest.fixture
def choir(network: Network, anna: Contact) -> Circle:
    """One of Alice's circles, to which Anna belongs."""
    circle = add_circle(network, name="Choir")
    add_to_circle(network, circle, [anna])
    return circle


def url(name: str, circle: Circle) -> str:
    return reverse(f"contacts:{name}", args=[circle.uuid])


@pytest.mark.parametrize("count", [1, 3])
def test_circle_costs_five_queries(
    alice_client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    choir = add_circle(network, name="Choir")
    add_to_circle(network, choir, [add_contact(network, given_name=f"Anna {n}") for n in range(count)])
    with django_assert_num_queries(5):  # type: ignore[operator]
        alice_client.get(url("circle", choir))


def test_circle_scrolls_on(alice_client: Client, network: Network) -> None:
    choir = add_circle(network, name="Choir")
    people = add_contacts(network, [Person({"given_name": f"Anna {n:03}"}) for n in range(120)])
    add_to_circle(network, choir, people)
    pages = [alice_client.get(url("circle", choir)).text]
    while further := re.search(r'class="more" hx-get="([^"]+)"', pages[-1]):
        pages.append(alice_client.get(further[1], headers=HTMX).text)
    shown = [re.findall(r'<span class="name">(.*?)</span>', page) for page in pages]
    assert [len(names) for names in shown] == [50, 50, 20]
    assert [name for names in shown for name in names] == [person.display_name for person in people]
    assert ["<html" in page for page in pages] == [True, False, False]


def test_circles_are_made_once(alice_client: Client, network: Network) -> None:
    assert alice_client.post(CIRCLES, {"name": "Choir"}).status_code == 302
    for name in ("choir", "", "x" * 201):
        assert alice_client.post(CIRCLES, {"name": name}).status_code == 422
    assert list(network.circles.values_list("name", flat=True)) == ["Choir"]


def test_circle_takes_people_in_and_out(alice_client: Client, choir: Circle, anna: Contact) -> None:
    alice_client.post(url("add_to_circle", choir), {"people": "Ben"})
    alice_client.post(url("remove_from_circle", choir), {"contacts": [str(anna.uuid), "nonsense"]})
    assert [person.display_name for person in choir.contacts.all()] == ["Ben"]
    assert alice_client.post(url("add_to_circle", choir), {"contacts": "nonsense"}).status_code == 422


def test_circle_takes_no_strangers_people(
    alice_client: Client, stranger_network: Network, choir: Circle, anna: Contact
) -> None:
    eve = add_contact(stranger_network, given_name="Eve")
    assert alice_client.post(url("add_to_circle", choir), {"contacts": str(eve.uuid)}).status_code == 422
    assert list(choir.contacts.all()) == [anna]


def test_circle_is_renamed(alice_client: Client, network: Network, choir: Circle) -> None:
    add_circle(network, name="IHK")
    assert alice_client.get(url("rename_circle", choir)).status_code == 200
    assert alice_client.post(url("rename_circle", choir), {"name": "ihk"}).status_code == 422
    assert alice_client.post(url("rename_circle", choir), {"name": "choir"}).status_code == 302
    choir.refresh_from_db()
    assert choir.name == "choir"


def test_circle_is_dissolved_after_a_question(alice_client: Client, network: Network, choir: Circle) -> None:
    assert alice_client.get(url("delete_circle", choir)).status_code == 200
    assert network.circles.exists()
    alice_client.post(url("delete_circle", choir))
    assert (network.circles.exists(), network.contacts.exists()) == (False, True)


@pytest.mark.parametrize("name", ["circle", "rename_circle", "delete_circle"])
def test_pages_of_a_strangers_circle_are_not_found(mallory_client: Client, choir: Circle, name: str) -> None:
    assert mallory_client.get(url(name, choir)).status_code == 404


@pytest.mark.parametrize("name", ["rename_circle", "add_to_circle", "remove_from_circle", "delete_circle"])
def test_acts_on_a_strangers_circle_are_not_found(
    mallory_client: Client, network: Network, choir: Circle, anna: Contact, name: str
) -> None:
    data = {"name": "Mine", "people": "Ben", "contacts": str(anna.uuid)}
    assert mallory_client.post(url(name, choir), data).status_code == 404
    assert (network.circles.get().name, list(choir.contacts.all())) == ("Choir", [anna])
