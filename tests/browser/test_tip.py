"""The tip page in a real Chromium: people shown while typing, with scripts and without."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from contacts.cards import Way
from contacts.models import Network
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.tips.tip_box import kept_tips
from tests.browser.inspection import complaints, violations


@pytest.fixture(autouse=True)
def people(transactional_db: None, network: Network) -> None:
    """Alice knows Anna, who is looking for an office, and Ben, who offers offices."""
    anna = add_contact(network, given_name="Anna", ways=[Way("email", "anna@example.org")])
    add_topic(network, contact=anna, kind="seeks", text="an office")
    add_topic(network, contact=add_contact(network, given_name="Ben"), kind="offers", text="offices and studios")


def test_people_come_while_one_types_and_the_text_is_ready_to_send(
    context: BrowserContext, cookie: dict[str, str], live_server: LiveServer, network: Network
) -> None:
    context.add_cookies([cookie])
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server.url}/tip/")
    expect(page.locator("#tip")).to_be_focused()

    page.keyboard.type("Office")
    page.get_by_role("checkbox", name=re.compile("^Anna")).check()
    page.locator("#tip").press_sequentially(" in Graz")
    expect(page).to_have_url(f"{live_server.url}/tip/?text=Office+in+Graz")
    expect(page.get_by_role("checkbox", name=re.compile("^Anna"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("^Ben"))).not_to_be_checked()
    assert violations(page) == []

    page.get_by_role("button", name="Pass it on").click()
    expect(page.locator("h1")).to_have_text("Now send it")
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.get_by_role("textbox", name="The text").fill("An office for you & me")
    mail = page.get_by_role("link", name="anna@example.org")
    expect(mail).to_have_attribute("href", "mailto:anna@example.org?body=An%20office%20for%20you%20%26%20me")
    assert (page.evaluate("navigator.clipboard.readText()"), violations(page), heard) == ("Office in Graz", [], [])

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#tip")).to_have_value("Office in Graz")
    assert network.favours.count() == 0


def test_tip_is_kept_and_passed_on_without_scripts(
    browser: Browser, cookie: dict[str, str], live_server: LiveServer, network: Network
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 740})
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/tip/")
    page.get_by_label("What have you come across?").fill("Office in Graz")
    page.get_by_role("button", name="Find people").click()
    page.get_by_role("button", name="Keep it in the tip box").click()
    page.get_by_role("link", name="Office in Graz").click()
    page.get_by_role("checkbox", name=re.compile("^Anna")).check()
    page.get_by_role("checkbox", name=re.compile("^Ben")).check()
    page.get_by_role("button", name="Pass it on").click()

    expect(page.get_by_role("textbox", name="The text")).to_have_value("Office in Graz")
    assert {contact.given_name for contact in network.favours.get().contacts.all()} == {"Anna", "Ben"}
    assert kept_tips(network) == []
    context.close()
