"""A real Chromium. NETCRM_CHROMIUM names the executable; without it, Playwright's own is used."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Playwright
from pytest_django.live_server_helper import LiveServer

from tests.servers import REQUIRE_ALL

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse to use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Launch the system's Chromium if there is one, without a sandbox, which containers forbid."""
    chromium = os.environ.get("NETCRM_CHROMIUM") or shutil.which("chromium")
    if not chromium and not Path(playwright.chromium.executable_path).exists():
        (pytest.fail if REQUIRE_ALL else pytest.skip)("no Chromium: neither the system's nor Playwright's")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    named = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, "args": arguments, **named}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No base URL: pages are opened by full URLs. Replaces pytest-playwright's fixture, about which pytest 9 warns."""


@pytest.fixture
def cookie(transactional_db: None, alice_client: Client, live_server: LiveServer) -> dict[str, str]:
    """The session cookie that signs Alice in."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": alice_client.cookies[name].value, "url": live_server.url}
