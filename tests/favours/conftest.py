"""Alice's and Mallory's people and entries."""

from __future__ import annotations

from datetime import date

import pytest

from contacts.models import Contact, Network
from favours.models import Favour
from tests.favours.entries import log_favour


def make_people(network: Network, *names: str, **fields: object) -> list[Contact]:
    """Create and return contacts with these names, without the search words by which they are found."""
    return [
        Contact.objects.create(network=network, display_name=name, sort_name=name.lower(), **fields) for name in names
    ]


@pytest.fixture
def anna(network: Network) -> Contact:
    return make_people(network, "Anna")[0]


@pytest.fixture
def ben(network: Network) -> Contact:
    return make_people(network, "Ben")[0]


@pytest.fixture
def strangers_eve(stranger_network: Network) -> Contact:
    """Somebody whom Mallory knows and Alice doesn't."""
    return make_people(stranger_network, "Eve")[0]


@pytest.fixture
def tip(network: Network, anna: Contact, ben: Contact) -> Favour:
    """A tip for Anna and Ben."""
    return log_favour(network, direction="give", kind="tip", day=date(2026, 5, 3), contacts=[anna, ben])


@pytest.fixture
def received(network: Network, ben: Contact) -> Favour:
    """Advice from Ben, the day before the tip."""
    return log_favour(network, direction="receive", kind="advice", day=date(2026, 5, 2), contacts=[ben])


@pytest.fixture
def strangers_favour(stranger_network: Network, strangers_eve: Contact) -> Favour:
    """One of Mallory's entries."""
    return log_favour(stranger_network, direction="receive", kind="tip", contacts=[strangers_eve])
