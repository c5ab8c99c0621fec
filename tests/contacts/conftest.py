"""People whom Alice knows. A test that needs more of them than a name has an Anna of its own."""

import pytest

from contacts.models import Contact, Network
from contacts.people.directory import add_contact


@pytest.fixture
def anna(network: Network) -> Contact:
    """One of Alice's contacts."""
    return add_contact(network, given_name="Anna")


@pytest.fixture
def ben(network: Network) -> Contact:
    """Another one."""
    return add_contact(network, given_name="Ben")
