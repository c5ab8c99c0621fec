"""People whom Alice knows. A test that needs more than their names has its own fixture."""

import pytest

from contacts.models import Contact, Network
from contacts.people.directory import add_contact


@pytest.fixture
def anna(network: Network) -> Contact:
    """One of Alice's contacts."""
    return add_contact(network, given_name="Anna")


@pytest.fixture
def ben(network: Network) -> Contact:
    """Another of Alice's contacts."""
    return add_contact(network, given_name="Ben")
