"""Reading writes nothing, writing wants the token: over the addresses of the sign-in, the admin site and the public
ones. tests/isolation/test_stranger.py holds the same for the member's own."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from contacts.models import Network
from tests.attacks.addresses import every_address
from tests.isolation.reading import changes_noted
from tests.isolation.rows import Belongings, owned_rows


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_writes_nothing(alice_client: Client, belongings: Belongings, network: Network, method: str) -> None:
    addresses = every_address(belongings, network)
    written = {}
    for address in addresses:
        with changes_noted() as noted:
            getattr(alice_client, method)(address)
        written[address] = noted
    assert {address: noted for address, noted in written.items() if noted} == {}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unsafe_methods_want_the_token(alice: User, belongings: Belongings, network: Network, method: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    addresses = every_address(belongings, network)
    before = owned_rows(network)
    answers = {address: getattr(browser, method)(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status not in {403, 404, 405}} == {}
    assert owned_rows(network) == before
