"""Scripts and htmx attributes in every text that a member can store.

None of them runs or requests anything on any page in a real Chromium, and the strict policy has nothing to block.
"""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from accounts.models import Invitation, User
from contacts.models import Network, Owned
from tests.attacks.addresses import every_address
from tests.attacks.watching import HTMX, SCRIPT, SMUGGLED, Watch
from tests.favours.outputs import SEARCH
from tests.isolation.rows import Belongings

PAYLOADS = {
    "scripts": f"javascript:alert(1)//{{{{7919*7907}}}}</textarea></title><svg onload=alert(1)>{SCRIPT}"
    "<a href=javascript:alert(1)>x</a>",
    "htmx": HTMX,
}
"""Texts to put into each field. The first acts as a URL, in a template, in an attribute and as markup; its earlier
parts fit into shorter fields too."""
MARK = "Foreign7919"
TEXT_WITH_MARK = re.compile(rf">([^<>]*?){MARK}")


def text_fields(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    """Return the fields of a model that may contain any text."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
    ]


def poison(network: Network, payload: str) -> int:
    """Put the payload into every text of the member, and return the number of fields."""
    poisoned = 0
    for model in apps.get_models():
        if not issubclass(model, Owned | User | Invitation):
            continue
        owner = {"network": network} if issubclass(model, Owned) else {"pk": network.owner.pk}
        rows = model._base_manager.filter(**({} if issubclass(model, Invitation) else owner))
        for field in text_fields(model):
            if field.name not in {"password", "time_zone", "format", "state", "token_hash"} and rows.exists():
                with suppress(IntegrityError), transaction.atomic():  # Unique or formatted fields hold no free text.
                    rows.update(**{field.name: payload[: field.max_length] if field.max_length else payload})
                    poisoned += 1
    return poisoned


def without_searches(belongings: Belongings) -> list[str]:
    """Return every address, except searches for the word that the payload has replaced."""
    return [address for address in every_address(belongings, belongings.network) if SEARCH not in address]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_stored_text_acts(
    page: Page, live_server: LiveServer, transactional_db: None, alice: User, belongings: Belongings, payload: str
) -> None:
    assert poison(belongings.network, payload) > 30
    watch = Watch(page, live_server, alice)
    titles = []
    page.on("load", lambda loaded: titles.append(loaded.title()))
    invitations = Invitation.objects.count()
    watch.visit(without_searches(belongings))
    assert watch.complaints == []
    assert len(watch.opened) > 60
    assert not [title for title in titles if "62615533" in title]
    assert Invitation.objects.count() == invitations


def test_no_text_acts_even_where_escaping_is_forgotten(
    page: Page, live_server: LiveServer, transactional_db: None, alice: User, belongings: Belongings
) -> None:
    """The raw payload follows each stored text on each page, as if the template had not escaped it."""
    assert poison(belongings.network, MARK) > 30
    watch = Watch(page, live_server, alice)
    forgotten = 0

    def forget(route: Route) -> None:
        nonlocal forgotten
        answer = route.fetch()
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return route.fulfill(response=answer)
        html, count = TEXT_WITH_MARK.subn(lambda found: f"{found[0]}{HTMX}", answer.text())
        forgotten += count
        return route.fulfill(response=answer, body=html)

    page.route(lambda address: "/static/" not in address, forget)
    watch.visit(without_searches(belongings))
    assert watch.unexpected == []
    assert forgotten > 200
    assert Invitation.objects.filter(email__contains=SMUGGLED).count() == 0
