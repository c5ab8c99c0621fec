"""Circles of people."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Network
from contacts.people.circles import (
    add_circle,
    add_to_circle,
    circles_by_name,
    delete_circle,
    remove_from_circle,
    rename_circle,
    set_circles,
)
from contacts.people.directory import add_contact
from tests.elsewhere import elsewhere


def test_circle_names_are_unique_in_a_network_only(network: Network, stranger_network: Network) -> None:
    choir = add_circle(network, name=" Choir ")
    add_circle(stranger_network, name="Choir")
    other = add_circle(network, name="Clients")
    for refused in (lambda: add_circle(network, name="CHOIR"), lambda: rename_circle(network, other, name="choir")):
        with pytest.raises(ValidationError):
            refused()
    assert rename_circle(network, choir, name="choir").name == "choir"


def test_circles_by_name_makes_what_is_missing_once(network: Network) -> None:
    choir = add_circle(network, name="Choir")
    circles = circles_by_name(network, ["choir", "New", "new ", ""])
    assert circles["choir"] == choir
    assert circles["New"] == circles["new "]
    assert list(network.circles.values_list("name", flat=True)) == ["Choir", "New"]


def test_people_go_in_and_out_of_circles(network: Network) -> None:
    anna, ben = add_contact(network, given_name="Anna"), add_contact(network, given_name="Ben")
    choir, clients = add_circle(network, name="Choir"), add_circle(network, name="Clients")
    for _time in range(2):
        add_to_circle(network, choir, [anna, ben])
    remove_from_circle(network, choir, [ben])
    assert list(choir.contacts.all()) == [anna]
    set_circles(network, anna, [clients])
    assert list(anna.circles.all()) == [clients]
    delete_circle(network, clients)
    assert network.contacts.filter(given_name="Anna").exists()


@pytest.mark.django_db(transaction=True)
def test_circle_made_five_times_at_once_is_there_once(network: Network) -> None:
    def make() -> bool:
        try:
            return bool(add_circle(network, name="Choir"))
        except ValidationError:
            return False

    assert (sorted(elsewhere(make, workers=5)), network.circles.count()) == ([False] * 4 + [True], 1)


@pytest.mark.django_db(transaction=True)
def test_circles_of_two_writers_at_once_are_there_once(network: Network) -> None:
    found = elsewhere(lambda: circles_by_name(network, ["Choir", "Bowling", "Astronomy"])["Choir"].pk, workers=4)
    assert (len(set(found)), network.circles.count()) == (1, 3)
