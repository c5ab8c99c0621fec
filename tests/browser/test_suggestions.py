"""Suggestions in a real Chromium: requests that no form sends include the CSRF token of their page."""

import os

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from contacts.models import Network, WayToReach
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours.models import Suggestion
from favours.suggestions.rounds import make_round
from tests.favours.conftest import make_people

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse to use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def suggestion(transactional_db: None, network: Network) -> Suggestion:
    """The suggestion to introduce Jana to Markus, who can be reached by mail."""
    jana, markus = make_people(network, "Jana", "Markus")
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=network.today())
    add_topic(network, contact=markus, kind="offers", text="tax adviser")
    mail = {"value": "markus@example.org", "normalised": "markus@example.org"}
    WayToReach.objects.create(network=network, contact=markus, kind="email", **mail)
    return make_round(network, network.today()).listed[0]


@pytest.mark.parametrize("name", ["favours:today", "favours:suggestion"])
def test_way_that_is_taken_is_noted(
    page: Page, alice_client: Client, live_server: LiveServer, network: Network, suggestion: Suggestion, name: str
) -> None:
    cookie = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": cookie, "value": alice_client.cookies[cookie].value, "url": live_server.url}])
    page.goto(live_server.url + reverse(name, args=[] if name == "favours:today" else [suggestion.uuid]))
    with page.expect_response(lambda answer: answer.url.endswith("/asked/")) as answered:
        page.locator(".reaching a, .ways-to-send a").first.click()
    assert answered.value.status == 204
    suggestion.refresh_from_db()
    assert suggestion.asked_at is not None
