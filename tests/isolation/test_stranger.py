"""A stranger walks over every address. She must get nowhere, and change nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from contacts.models import Network
from tests.isolation.addresses import OF_A_ROW, OF_A_VALUE, OWN, PUBLIC, SIGN_IN, named_patterns
from tests.isolation.reading import changes_noted
from tests.isolation.rows import Belongings, owned_rows, plant

METHODS = ("get", "head", "post", "put", "patch", "delete")
NOTHING_HERE = {404, 405}


def own_addresses() -> list[str]:
    """The addresses that show each member their own."""
    return [reverse(name) for name in sorted(OWN)] + [reverse(name, kwargs=OF_A_VALUE[name]) for name in OF_A_VALUE]


def all_addresses(belongings: Belongings) -> list[str]:
    """Every address that wants a member."""
    return own_addresses() + [reverse(name, kwargs=arguments(belongings)) for name, arguments in OF_A_ROW.items()]


@pytest.fixture
def belongings(network: Network) -> Belongings:
    """What Alice owns."""
    return plant(network)


def test_every_address_says_who_may_see_it() -> None:
    names = {name for name in named_patterns() if not name.startswith(SIGN_IN)}
    assert names == PUBLIC | OWN | OF_A_ROW.keys() | OF_A_VALUE.keys()


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


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(alice_client: Client, alice: User, belongings: Belongings, method: str) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)  # So that every page opens to her.
    written = {}
    for address in all_addresses(belongings):
        with changes_noted() as noted:
            response = getattr(alice_client, method)(address)
        assert response.status_code in {200, 302, 405}, (address, response.status_code)
        written[address] = noted
    assert {address: noted for address, noted in written.items() if noted} == {}


def test_unsafe_methods_want_the_token(alice: User, belongings: Belongings) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    before = owned_rows(belongings.network)
    answers = {address: browser.post(address).status_code for address in all_addresses(belongings)}
    assert {name: status for name, status in answers.items() if status not in {403, 405}} == {}
    assert owned_rows(belongings.network) == before
