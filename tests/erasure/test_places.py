"""The search after an erasure finds data however it is stored."""

from __future__ import annotations

import pytest

from contacts.models import Network
from contacts.people.directory import add_contact
from tests.erasure.places import Place, find


@pytest.mark.parametrize("name", ["𠮷野 Äö", "🦊", "Zoë 👩‍🚀", "Ünal"])
def test_names_in_stored_json_are_seen(network: Network, name: str) -> None:
    add_contact(network, display_name="Anna", extra_properties=[f'say "{name}"', "ä 🐻"])
    assert Place("contacts_contact", "extra_properties") in {found.place for found in find([name])}
