"""The contacts that the tests merge."""

import pytest

from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.directory import add_contact


@pytest.fixture
def anna(network: Network) -> Contact:
    """The contact that survives."""
    return add_contact(
        network,
        given_name="Anna",
        family_name="Berg",
        city="Köln",
        notes="Likes timber.",
        ways=[Way("email", "anna@example.org"), Way("phone", "+49 221 1234567")],
        circles=["Choir"],
    )


@pytest.fixture
def other(network: Network) -> Contact:
    """A second contact for the same person."""
    return add_contact(
        network,
        given_name="A.",
        family_name="Berg",
        role="Architect",
        city="Bonn",
        notes="Met in Bonn.",
        birth_month=3,
        birth_day=4,
        ways=[Way("email", "ANNA@example.org"), Way("email", "anna.berg@example.com")],
        circles=["choir", "IHK"],
    )


@pytest.fixture
def ben(network: Network) -> Contact:
    """A different person."""
    return add_contact(network, display_name="Ben")
