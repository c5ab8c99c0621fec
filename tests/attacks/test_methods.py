"""For every URL, reading writes nothing, and writing requires the CSRF token."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from contacts.models import Network
from tests.attacks.addresses import every_address
from tests.isolation.addresses import all_addresses
from tests.isolation.reading import changes_noted
from tests.isolation.rows import Belongings, owned_rows
from tests.signed_in import confirm

pytestmark = pytest.mark.any_database

TYPED = re.compile(r"(text/\w+|application/(javascript|json)); charset=|application/(json|zip)$|image/\w+$")
"""Acceptable content types: texts must name their character set; JSON has one by definition."""


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_writes_nothing(alice_client: Client, belongings: Belongings, network: Network, method: str) -> None:
    addresses, own = every_address(belongings, network), set(all_addresses(belongings))
    written, unread, untyped = {}, {}, {}
    for address in addresses:
        with changes_noted() as noted:
            answer = getattr(alice_client, method)(address)
        status = answer.status_code
        if noted:
            written[address] = noted
        if answer.get("Content-Length") != "0" and not TYPED.match(answer.get("Content-Type", "")):
            untyped[address] = answer.get("Content-Type", "")
        if address in own and status not in {200, 302, 405}:
            unread[address] = status
    assert own <= set(addresses)
    assert (written, unread, untyped) == ({}, {}, {})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unsafe_methods_want_the_token(alice: User, belongings: Belongings, network: Network, method: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    confirm(browser)
    own = set(all_addresses(belongings))
    addresses = {address.partition("?")[0] for address in every_address(belongings, network)}
    before = owned_rows(network)
    answers = {address: getattr(browser, method)(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status not in {403, 404, 405}} == {}
    assert [address for address in own if answers[address] == 404] == []
    assert owned_rows(network) == before


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "NONSENSE"])
def test_other_methods_are_refused(alice_client: Client, belongings: Belongings, network: Network, method: str) -> None:
    for address in ("/", "/admin/", "/nowhere/", "/health/", "/accounts/login/"):
        assert alice_client.generic(method, address).status_code == 405
