"""Turning a card into a person of the network."""

from __future__ import annotations

import pytest

from contacts.cards import Card, Way
from contacts.importing.intake import Darkroom, person_from


def address(country: str, label: str = "") -> Way:
    return Way("address", f"Weg 1, {country}", label, ("", "", "Weg 1", "", "", "", country))


def phones(*ways: Way) -> dict[str, str]:
    """Return the phone numbers of a card with these ways, by normalised form, for a member in Germany."""
    person, _losses = person_from(Card(display_name="Anna", ways=list(ways)), Darkroom(), region="DE")
    return {value: way.value for (kind, value), way in person.ways.items() if kind == "phone"}


@pytest.mark.parametrize(
    ("country", "number", "normalised", "shown"),
    [
        ("Österreich", "01 2345678", "+4312345678", "+43 1 2345678"),
        ("AT", "0664 1234567", "+436641234567", "+43 664 1234567"),
        ("Schweiz", "044 668 18 00", "+41446681800", "+41 44 668 18 00"),
        ("UK", "020 7946 0958", "+442079460958", "+44 20 7946 0958"),
        ("USA", "(415) 555-2671", "+14155552671", "+1 415-555-2671"),
        ("Frankreich", "06 12 34 56 78", "+33612345678", "+33 6 12 34 56 78"),
        ("Deutschland", "030 1234567", "+49301234567", "030 1234567"),
        ("", "030 1234567", "+49301234567", "030 1234567"),
        ("Atlantis", "030 1234567", "+49301234567", "030 1234567"),
        ("Schweiz", "+49 30 1234567", "+49301234567", "+49 30 1234567"),
        ("Schweiz", "0041 44 668 18 00", "+41446681800", "0041 44 668 18 00"),
        ("Österreich", "ring me", "ringme", "ring me"),
    ],
)
def test_address_beside_a_number_tells_its_country(country: str, number: str, normalised: str, shown: str) -> None:
    assert phones(Way("phone", number), address(country)) == {normalised: shown}


def test_address_of_the_same_place_decides() -> None:
    ways = [address("Schweiz", "work"), address("Deutschland", "home")]
    numbers = [Way("phone", "044 668 18 00", "work fax"), Way("phone", "030 1234567", "home")]
    assert set(phones(*ways, *numbers)) == {"+41446681800", "+49301234567"}


def test_addresses_of_several_countries_decide_nothing_about_another_number() -> None:
    ways = [address("Schweiz", "work"), address("Österreich", "home")]
    assert phones(*ways, Way("phone", "0170 1234567", "mobile")) == {"+491701234567": "0170 1234567"}


def test_spellings_of_one_number_keep_all_their_labels() -> None:
    ways = [Way("phone", "030 1234567", "home"), Way("phone", "+49 30 1234567", "work"), Way("phone", "49301234567")]
    person, _losses = person_from(Card(display_name="Anna", ways=ways), Darkroom(), region="DE")
    assert list(person.ways.values()) == [Way("phone", "030 1234567", "home, work")]
