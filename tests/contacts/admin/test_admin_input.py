"""Responses of the admin site to queries and selections of rows that none of its pages sends."""

import pytest
from django.test import Client

from accounts.models import User
from contacts.models import Network
from tests.isolation.rows import plant

LISTS = {
    "/admin/search/": ["q"],
    "/admin/contacts/contact/": ["q", "o", "p", "reach", "archived", "circle"],
    "/admin/contacts/duplicatepair/": ["is_certain__exact"],
    "/admin/contacts/merge/": ["p"],
    "/admin/contacts/waytoreach/": ["kind"],
    "/admin/contacts/circle/": ["q"],
    "/admin/contacts/conversation/": ["nothing"],
    "/admin/contacts/importrun/": ["state__exact"],
    "/admin/favours/favour/": ["id__in"],
    "/admin/accounts/user/": ["q"],
    "/admin/accounts/outgoingmail/": ["state__exact", "purpose__exact"],
    "/admin/accounts/invitation/": ["_changelist_filters"],
}
"""The lists, with the query parameters that each accepts."""
HOSTILE = ["a%00b", "%ED%A0%80", "%E2%80%AEtxt", "%FF%FE"]
"""NUL, half a surrogate pair, a right-to-left override, and bytes that are not UTF-8."""


@pytest.fixture
def operator(alice_client: Client, alice: User, network: Network) -> Client:
    """A browser signed in as Alice, who is a superuser and owns at least one row of everything."""
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    plant(network)
    return alice_client


@pytest.mark.parametrize(("path", "names"), LISTS.items())
def test_admin_answers_hostile_queries(operator: Client, path: str, names: list[str]) -> None:
    queries = [f"{name}={value}" for name in names for value in HOSTILE]
    answers = {query: operator.get(f"{path}?{query}").status_code for query in [*queries, "%00=1"]}
    assert {query: status for query, status in answers.items() if status not in (200, 302, 400, 404)} == {}


@pytest.mark.parametrize("path", list(LISTS)[1:])
def test_admin_refuses_keys_that_no_row_has(operator: Client, path: str) -> None:
    keys = ["one", "-1", "1.5", "\0", "²", "9" * 19, "9" * 5000, ""]
    answers = [operator.post(path, {"action": "delete", "_selected_action": ["1", key]}).status_code for key in keys]
    assert answers == [400] * len(keys)
