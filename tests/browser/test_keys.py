"""Keyboard shortcuts on every page, and the field that finds people, circles and pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Network
from contacts.people.circles import add_circle
from contacts.people.directory import add_contact
from tests.browser.inspection import complaints, violations


@pytest.fixture
def desk(page: Page, transactional_db: None, network: Network, cookie: dict[str, str]) -> Page:
    """Alice's desktop browser. She knows Jana and Jonas, and has a circle."""
    for given_name in ("Jana", "Jonas"):
        add_contact(network, given_name=given_name, family_name="Weber")
    add_circle(network, name="Jazz evening")
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize(
    ("keys", "path"), [("gc", "/contacts/"), ("t", "/tip/"), ("gn", "/network/"), ("gj", "/favours/")]
)
def test_keys_lead_to_pages(desk: Page, live_server: LiveServer, keys: str, path: str) -> None:
    desk.goto(live_server.url)
    for key in keys:
        desk.keyboard.press(key)
    desk.wait_for_url(f"{live_server.url}{path}")


def test_keys_go_through_a_list(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}/contacts/")
    focused = []
    for key in "jjjk":
        desk.keyboard.press(key)
        focused.append(desk.evaluate("document.activeElement.querySelector('.name')?.textContent.trim()"))
    assert focused == ["Jana Weber", "Jonas Weber", "Jonas Weber", "Jana Weber"]


def test_question_mark_lists_all_keys_and_focus_returns(desk: Page, live_server: LiveServer) -> None:
    heard = complaints(desk)
    desk.goto(f"{live_server.url}/contacts/")
    desk.keyboard.press("j")
    desk.keyboard.press("?")
    expect(desk.locator("#sheet dt", has_text="g c")).to_be_visible()
    assert violations(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.locator("#sheet")).to_be_hidden()
    assert desk.evaluate("document.activeElement.textContent").strip().startswith("JW")
    assert heard == []


@pytest.mark.parametrize(
    ("typed", "first", "path"),
    [("jaz", "Jazz evening", "/circles/"), ("journ", "Journal", "/favours/"), ("jan", "Jana", "/contacts/")],
)
def test_one_field_finds_people_circles_and_pages(
    desk: Page, live_server: LiveServer, typed: str, first: str, path: str
) -> None:
    desk.goto(f"{live_server.url}/network/")
    desk.keyboard.press("/")
    desk.keyboard.type(typed)
    expect(desk.locator(".finder [role=option][aria-selected=true]")).to_contain_text(first)
    desk.keyboard.press("Enter")
    desk.wait_for_url(lambda address: path in address)
