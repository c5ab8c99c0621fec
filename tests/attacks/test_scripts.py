"""Scripts in every text that a member can store: none runs, on no page, in a real Chromium, and the strict policy has
nothing to refuse."""

from __future__ import annotations

import os
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from contacts.models import Network, Owned
from tests.attacks.addresses import every_address
from tests.isolation.rows import Belongings

# Playwright keeps an event loop in the thread of the tests, and Django would refuse to use the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PAYLOADS = [
    "\"'><img src=x onerror=alert(1)><script>alert(1)</script>",
    "javascript:alert(1)//</textarea></title><svg onload=alert(1)>",
    "{{7919*7907}}<a href=javascript:alert(1)>x</a>",
]
LINKS = "[...document.querySelectorAll('a[href], form[action]')].map(node => node.href || node.action)"


def text_fields(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    """The fields of a model in which any text may stand."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
    ]


def poison(network: Network, payload: str) -> int:
    """Put the payload into every text of the member's; the number of fields."""
    poisoned = 0
    for model in apps.get_models():
        if not issubclass(model, Owned | User):
            continue
        rows = model._base_manager.filter(
            **({"network": network} if issubclass(model, Owned) else {"pk": network.owner.pk})
        )
        for field in text_fields(model):
            if field.name not in {"password", "time_zone", "format", "state", "token_hash"} and rows.exists():
                with suppress(IntegrityError), transaction.atomic():  # What has to be unique or of a shape is no text.
                    rows.update(**{field.name: payload[: field.max_length] if field.max_length else payload})
                    poisoned += 1
    return poisoned


@pytest.mark.parametrize("payload", PAYLOADS, ids=["markup", "javascript", "template"])
def test_no_stored_script_runs(
    page: Page, live_server: LiveServer, transactional_db: None, alice: User, belongings: Belongings, payload: str
) -> None:
    assert poison(belongings.network, payload) > 30
    browser = signed_in(page, live_server, alice)
    complaints: list[str] = []
    page.on("dialog", lambda dialog: (complaints.append(f"{page.url}: a script ran"), dialog.dismiss()))
    page.on("pageerror", lambda problem: complaints.append(f"{page.url}: {problem}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{page.url}: {message.text}") if "Content Security" in message.text else None
        ),
    )
    opened = 0
    for address in every_address(belongings, belongings.network):
        answer = browser.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        page.goto(f"{live_server.url}{address}", wait_until="load")
        opened += 1
        schemes = {urlsplit(link).scheme for link in page.evaluate(LINKS)}
        assert schemes <= {"http", "https", "mailto", "tel", "sms", ""}, address
        assert "62615533" not in page.title()
    assert complaints == []
    assert opened > 60


def signed_in(page: Page, live_server: LiveServer, member: User) -> Client:
    """Sign the member in, in Chromium and in the client that is returned."""
    client = Client()
    client.force_login(member)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return client
