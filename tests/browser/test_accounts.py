"""Becoming a member and signing in with a passkey, in a real Chromium under the strict Content-Security-Policy."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.invitations import setup_link
from tests.browser.inspection import complaints, violations
from tests.passwords import PASSWORD


@pytest.fixture
def new_member(page: Page, live_server: LiveServer, transactional_db: None) -> str:
    """The base URL of the pages, after a new member has set the instance up in the browser."""
    address = f"http://localhost:{urlsplit(live_server.url).port}"  # Browsers allow passkeys on localhost by name only.
    page.goto(str(setup_link(address)))
    page.get_by_label("E-mail address").fill("olga@example.org")
    page.get_by_label("Your name").fill("Olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(f"{address}/")
    return address


def confirm(page: Page) -> None:
    """Confirm the member's identity with the password."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)


def test_what_was_typed_goes_on_after_the_confirmation(page, new_member):
    heard = complaints(page)
    page.goto(f"{new_member}/accounts/invitations/")
    confirm(page)
    for session in Session.objects.all():
        stored = SessionStore(session.session_key)
        for record in stored["account_authentication_methods"]:
            record["at"] -= 16 * 60
        stored.modified = True
        stored.save()
    page.get_by_label("E-mail address").fill("carl@example.org")
    page.get_by_role("button", name="Invite").click()
    page.wait_for_url(re.compile("reauthenticate"))
    assert violations(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(f"{new_member}/accounts/invitations/")
    assert "/accounts/join/" in page.get_by_label("Link").input_value()
    assert heard == []


@pytest.mark.parametrize(
    "path",
    [
        "accounts/settings/",
        "accounts/settings/erase/",
        "accounts/invitations/",
        "accounts/mails/",
        "accounts/email/",
        "accounts/password/change/",
        "accounts/2fa/",
        "accounts/sessions/",
    ],
)
def test_settings_pages_have_no_barrier_and_break_no_policy(page, new_member, path):
    heard = complaints(page)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{new_member}/accounts/reauthenticate/")
    confirm(page)
    page.goto(f"{new_member}/{path}")
    assert urlsplit(page.url).path == f"/{path}"
    assert (violations(page), heard) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    "path",
    [
        "accounts/login/",
        "accounts/login/link/",
        "accounts/login/link/sent/",
        "accounts/login/link/used/",
        "accounts/password/reset/",
        "accounts/join/used/",
    ],
)
def test_pages_for_guests_have_no_barrier(page, live_server, transactional_db, path):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}/{path}")
    assert violations(page) == []


def test_set_up_preselects_the_time_zone_of_the_browser(browser, live_server, transactional_db):
    page = browser.new_context(timezone_id="Asia/Tokyo").new_page()
    page.goto(str(setup_link(live_server.url)))
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_passkey_is_added_and_signs_in(page, new_member):
    heard = complaints(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**device, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto(f"{new_member}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("recovery-codes"))
    page.goto(f"{new_member}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.goto(f"{new_member}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{new_member}/")
    assert heard == []
