"""A stranger tries every URL. She must get nowhere and change nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.isolation.addresses import (
    OF_A_ROW,
    OF_A_VALUE,
    OWN,
    PUBLIC,
    SIGN_IN,
    all_addresses,
    named_patterns,
    own_addresses,
)
from tests.isolation.rows import Belongings, owned_rows

METHODS = ("get", "head", "post", "put", "patch", "delete")
NOTHING_HERE = {404, 405}


def test_every_address_says_who_may_see_it() -> None:
    assert set(named_patterns()) == PUBLIC | SIGN_IN | OWN | OF_A_ROW.keys() | OF_A_VALUE.keys()


@pytest.mark.parametrize("method", METHODS)
def test_stranger_finds_no_row_of_alice(mallory_client: Client, belongings: Belongings, method: str) -> None:
    before = owned_rows(belongings.network)
    answers = {}
    for name, arguments in OF_A_ROW.items():
        response = getattr(mallory_client, method)(reverse(name, kwargs=arguments(belongings)))
        answers[name] = response.status_code
        assert b"Secret" not in response.content, name
    assert {name: status for name, status in answers.items() if status not in NOTHING_HERE} == {}
    assert owned_rows(belongings.network) == before


@pytest.mark.parametrize("method", METHODS)
def test_stranger_sees_nothing_of_alice_on_her_own_pages(
    mallory_client: Client, belongings: Belongings, method: str
) -> None:
    before = owned_rows(belongings.network)
    for address in own_addresses():
        response = getattr(mallory_client, method)(address)
        assert b"Secret" not in b"".join(response), address
    assert owned_rows(belongings.network) == before


@pytest.mark.parametrize("method", METHODS)
def test_guest_is_sent_to_the_login(client: Client, belongings: Belongings, method: str) -> None:
    before = owned_rows(belongings.network)
    wrong = {}
    for address in all_addresses(belongings):
        response = getattr(client, method)(address)
        if not (response.status_code == 302 and response["Location"].startswith(reverse("account_login"))):
            wrong[address] = response.status_code
    assert wrong == {}
    assert owned_rows(belongings.network) == before
