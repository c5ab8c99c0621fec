"""The quick log in a real Chromium: the number of keys and taps it takes, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Network
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from tests.browser.inspection import complaints, violations
from tests.favours.entries import log_favour


@pytest.fixture
def people(transactional_db: None, network: Network) -> None:
    """Alice knows Anna, Ben and Deniz, who is looking for an office."""
    for given_name, family_name in (("Anna", "Weber"), ("Ben", "Okafor"), ("Deniz", "Yılmaz")):
        add_contact(network, given_name=given_name, family_name=family_name)
    add_topic(network, contact=network.contacts.get(given_name="Deniz"), kind="seeks", text="an office")


@pytest.fixture
def desk(page: Page, people: None, cookie: dict[str, str]) -> Page:
    """Alice's desktop browser."""
    page.context.add_cookies([cookie])
    return page


@pytest.fixture
def phone(browser: Browser, people: None, cookie: dict[str, str]) -> Page:
    """Alice's browser on her phone."""
    context = browser.new_context(viewport={"width": 375, "height": 740}, has_touch=True, color_scheme="dark")
    context.add_cookies([cookie])
    return context.new_page()


@pytest.fixture
def old_browser(browser: Browser, people: None, cookie: dict[str, str]) -> Page:
    """Alice's browser without scripts."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([cookie])
    return context.new_page()


def pick(page: Page, letters: str) -> None:
    """Type the first letters and accept the first suggestion with Enter."""
    page.keyboard.type(letters)
    expect(page.locator("people-picker [role=option][aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")


def told(network: Network) -> list[tuple[str, str, set[str]]]:
    return [
        (favour.direction, favour.kind, {contact.given_name for contact in favour.contacts.all()})
        for favour in network.favours.order_by("pk")
    ]


def test_help_with_two_people_costs_two_keys_and_two_picks(
    desk: Page, live_server: LiveServer, network: Network
) -> None:
    heard = complaints(desk)
    desk.goto(f"{live_server.url}/favours/")

    desk.keyboard.press("l")
    expect(desk.locator("#sheet #people")).to_be_focused()
    pick(desk, "an")
    pick(desk, "be")
    desk.keyboard.press("Enter")

    expect(desk.locator(".toast")).to_contain_text("Saved: You gave Anna Weber and Ben Okafor a tip.")
    expect(desk.locator("#sheet #people")).to_be_focused()  # The sheet stays open for the next entry.
    assert (told(network), heard) == ([("give", "tip", {"Anna", "Ben"})], [])
    assert violations(desk) == []


def test_need_costs_two_keys_a_pick_and_the_words(desk: Page, live_server: LiveServer, network: Network) -> None:
    desk.goto(f"{live_server.url}/favours/")

    desk.keyboard.press("h")
    expect(desk.locator("#sheet #people")).to_be_focused()
    desk.keyboard.type("be")
    expect(desk.locator("people-picker [role=option][aria-selected=true]")).to_be_visible()
    desk.keyboard.press("Tab")  # Accepts the suggestion, as Enter does, and moves on to the text.
    desk.keyboard.type("a tax adviser")
    desk.keyboard.press("Enter")

    expect(desk.locator(".toast")).to_contain_text("Saved: Ben Okafor is looking for a tax adviser.")
    assert set(network.topics.values_list("text", flat=True)) == {"an office", "a tax adviser"}


def test_help_received_costs_two_taps_and_a_pick_on_the_phone(
    phone: Page, live_server: LiveServer, network: Network
) -> None:
    phone.goto(f"{live_server.url}/favours/")

    phone.get_by_role("link", name="I was helped").tap()
    expect(phone.locator("#sheet #people")).to_be_focused()
    phone.keyboard.type("an")
    phone.get_by_role("option", name="Anna Weber").tap()
    phone.get_by_role("button", name="Advice").tap()

    expect(phone.locator(".toast")).to_contain_text("Saved: Anna Weber gave you advice.")
    expect(phone.get_by_text("Say thanks")).to_be_visible()
    assert told(network) == [("receive", "advice", {"Anna"})]
    assert violations(phone) == []


def test_help_received_costs_two_clicks_and_a_pick_at_the_desk(
    desk: Page, live_server: LiveServer, network: Network
) -> None:
    desk.goto(f"{live_server.url}/favours/")

    desk.locator(".masthead").get_by_role("link", name="I was helped").click()
    expect(desk.locator("#sheet #people")).to_be_focused()
    desk.keyboard.type("an")
    desk.get_by_role("option", name="Anna Weber").click()
    desk.get_by_role("button", name="Advice").click()

    expect(desk.locator(".toast")).to_contain_text("Saved: Anna Weber gave you advice.")
    assert told(network) == [("receive", "advice", {"Anna"})]


def test_today_asks_whether_a_need_is_settled_and_tells_the_entry(
    desk: Page, live_server: LiveServer, network: Network
) -> None:
    desk.goto(live_server.url)
    assert violations(desk) == []

    desk.keyboard.press("l")
    pick(desk, "de")
    desk.get_by_role("button", name="Introduced").click()
    expect(desk.locator("#latest")).to_contain_text("You introduced Deniz Yılmaz to somebody.")
    desk.get_by_role("button", name="Yes", exact=True).click()
    expect(desk.get_by_text("Is that settled?")).to_have_count(0)

    assert network.topics.get().closed_on == network.today()


def test_help_to_pass_on_is_searched_as_often_as_one_likes(
    desk: Page, live_server: LiveServer, network: Network
) -> None:
    ben = network.contacts.get(given_name="Ben")
    for note in ("Timber", "A ladder"):
        log_favour(network, direction="receive", kind="support", contacts=[ben], note=note)
    desk.goto(f"{live_server.url}/log/")
    desk.get_by_text("More", exact=True).click()
    search = desk.get_by_role("searchbox", name="Search the help you received")
    offered = desk.locator(".received label")
    for words, found in (("timber", "Timber"), ("ladder", "A ladder")):
        search.fill(words)
        expect(offered.filter(has_text="Ben")).to_have_count(1)
        expect(offered.filter(has_text="Ben")).to_contain_text(found)


def test_double_click_logs_once(desk: Page, live_server: LiveServer, network: Network) -> None:
    desk.goto(f"{live_server.url}/log/")
    pick(desk, "an")
    desk.get_by_role("button", name="Other").dblclick()
    expect(desk.locator(".toast")).to_contain_text("Saved")
    desk.reload()

    assert told(network) == [("give", "other", {"Anna"})]


def test_quick_log_without_scripts_asks_which_anna_and_undoes(
    old_browser: Page, live_server: LiveServer, network: Network
) -> None:
    page = old_browser
    page.goto(f"{live_server.url}/log/")
    page.get_by_label("Whom did you help?").fill("Anna; Max Neu")
    page.get_by_role("button", name="Tip").click()
    page.get_by_label("Anna Weber").check()
    page.get_by_role("button", name="Recommended").click()

    expect(page.locator(".toast")).to_contain_text("Saved: You recommended Anna Weber and Max Neu.")
    assert told(network) == [("give", "recommendation", {"Anna", "Max"})]
    page.get_by_role("button", name="Undo").click()
    assert told(network) == []


@pytest.mark.parametrize("path", ["", "log/?mode=heard", "favours/", "favours/trash/"])
def test_pages_are_accessible(phone: Page, live_server: LiveServer, network: Network, path: str) -> None:
    heard = complaints(phone)
    log_favour(network, direction="give", kind="tip", contacts=[network.contacts.get(given_name="Anna")])
    phone.goto(f"{live_server.url}/{path}")

    assert heard == []
    assert violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 375


def test_edit_page_is_accessible(phone: Page, live_server: LiveServer, network: Network) -> None:
    anna = network.contacts.get(given_name="Anna")
    favour = log_favour(network, direction="give", kind="tip", contacts=[anna])
    phone.goto(f"{live_server.url}/favours/{favour.uuid}/")

    assert violations(phone) == []
