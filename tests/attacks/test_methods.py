"""Reads write nothing and writes require the token, for the URLs of the sign-in, the admin site and the public pages.

tests/isolation/test_stranger.py does the same for the member's own pages.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from contacts.models import Network
from tests.attacks.addresses import every_address
from tests.isolation.addresses import all_addresses
from tests.isolation.rows import Belongings, owned_rows
from tests.signed_in import confirm

pytestmark = pytest.mark.any_database

KEPT_OF_OWN_PAGES = ("django_session",)
KEPT_FOR_THE_VISIT = ("django_session", "usersessions_usersession", "accounts_trycount")
"""Tables that record who is signed in where, and how often something was tried."""


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_writes_nothing(alice_client: Client, belongings: Belongings, network: Network, method: str) -> None:
    addresses, own = every_address(belongings, network), set(all_addresses(belongings))
    written: list[str] = []
    unread = {}

    def note_writes(execute: Callable[..., object], sql: str, *rest: object) -> object:
        kept = KEPT_OF_OWN_PAGES if address in own else KEPT_FOR_THE_VISIT
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(f'"{table}"' in sql for table in kept):
            written.append(f"{address}: {sql}")
        return execute(sql, *rest)

    with connection.execute_wrapper(note_writes):
        for address in addresses:
            status = getattr(alice_client, method)(address).status_code
            if address in own and status not in {200, 302, 405}:
                unread[address] = status
    assert own <= set(addresses)
    assert (written, unread) == ([], {})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unsafe_methods_want_the_token(alice: User, belongings: Belongings, network: Network, method: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    confirm(browser)
    addresses, own = every_address(belongings, network), set(all_addresses(belongings))
    before = owned_rows(network)
    answers = {address: getattr(browser, method)(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status not in {403, 404, 405}} == {}
    assert [address for address in own if answers[address] == 404] == []
    assert owned_rows(network) == before
