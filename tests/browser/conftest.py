"""A real Chromium. NETCRM_CHROMIUM names the executable; without it, Playwright's own is used."""

import os
import shutil
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium if there is one, without a sandbox, which containers forbid."""
    chromium = os.environ.get("NETCRM_CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    named = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, "args": arguments, **named}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Pages are opened by their full URL. Overrides pytest-playwright's own fixture, which pytest 9 warns about."""
