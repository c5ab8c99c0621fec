"""The weekly letter and its suggestions in a real Chromium: no violations found by axe, and usable by keyboard."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import OutgoingMail
from contacts.cards import Way
from contacts.models import Network
from contacts.people.conversations import hear
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.digest.sending import send_one_now
from favours.suggestions.rounds import make_round
from tests.browser.inspection import violations


@pytest.fixture
def mail(
    transactional_db: None, network: Network, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> OutgoingMail:
    """A letter about Jana, whom Markus could help, and Omar."""
    monkeypatch.setattr(settings, "BASE_URL", live_server.url)
    today = network.today()
    jana, omar = (add_contact(network, given_name=name) for name in ("Jana", "Omar"))
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=today)
    hear(network, contact=omar, kind="seeks", text="seed potatoes", day=today)
    markus = add_contact(network, given_name="Markus", ways=[Way("email", "markus@example.org")])
    add_topic(network, contact=markus, kind="offers", text="tax adviser")
    assert send_one_now(network, uuid4())
    return network.owner.outgoing_mails.get()


@pytest.fixture
def page(context: BrowserContext, mail: OutgoingMail, cookie: dict[str, str]) -> Page:
    """A page of a browser in which Alice is signed in."""
    context.add_cookies([cookie])
    return context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_letter_are_accessible(
    page: Page, mail: OutgoingMail, network: Network, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 375, "height": 740})
    suggestion = make_round(network, network.today()).listed[0]
    links = re.findall(r"(/letter/(?:ask|log|unsubscribe)/\S+)", mail.text)
    paths = [
        "/",
        "/letter/",
        f"/suggestions/{suggestion.uuid}/",
        f"/suggestions/{suggestion.uuid}/?introduce",
        f"/accounts/mails/{mail.uuid}/",
        *links,
    ]
    found = {}
    for path in paths:
        page.goto(f"{live_server.url}{path}")
        found[path] = (violations(page), page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    assert len(links) == 5
    assert {path: result for path, result in found.items() if result != ([], True)} == {}


def test_link_in_a_framed_letter_leaves_the_frame(page: Page, mail: OutgoingMail, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/mails/{mail.uuid}/")
    page.frame_locator("iframe").get_by_role("link", name="Ask Markus first").click()
    expect(page.locator("h1")).to_have_text("What you could write to Markus")


def test_answers_close_by_escape_and_keep_the_focus_nearby(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    opener = page.locator("details.answers > summary").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.answers[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details.answers[open]")).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    page.get_by_role("button", name="Doesn’t fit").first.press("Enter")
    expect(page.locator(".suggested > li")).to_have_count(1)
    expect(page.locator("#suggestions")).to_be_focused()
