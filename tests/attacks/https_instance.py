"""Prints, as JSON, the headers and cookies that an instance behind https answers with.

The settings depend on the address that an instance is reached by, so the test runs this as a process of its own.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from typing import Any
from unittest.mock import patch

import django

HOST = "netcrm.example.org"
EMAIL, PASSWORD = "olga@example.org", "a long enough pass phrase"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "netcrm.settings",
            "NETCRM_SECRET_KEY": "only for this process",
            "NETCRM_BASE_URL": f"https://{HOST}",
            "NETCRM_DATA": folder,
        }
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        print(json.dumps(answers()))


def answers() -> dict[str, Any]:
    """What a browser is told on its way: status, headers and cookies by the page's name."""
    from django.core.management import call_command
    from django.test import Client

    from accounts.members import create_member

    logging.disable()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    create_member(EMAIL, PASSWORD, operator=True)
    browser = Client(raise_request_exception=False, headers={"host": HOST})
    told = {
        "without https": browser.get("/accounts/login/"),
        "login": browser.get("/accounts/login/", secure=True),
        "signed in": browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}, secure=True),
        "app": browser.get("/contacts/", secure=True),
        "saved": browser.post("/contacts/calendar/", {"act": "revoke"}, secure=True),
        "admin": browser.get("/admin/", secure=True),
        "not found": browser.get("/nowhere/", secure=True),
        "static file": browser.get("/static/manifest.webmanifest", secure=True),
    }
    with patch("favours.views.journal.latest_moments", side_effect=RuntimeError):
        told["error"] = browser.get("/favours/", secure=True)
    return {
        name: {
            "status": answer.status_code,
            "headers": {header.lower(): value for header, value in answer.items()},
            "cookies": [cookie.OutputString() for cookie in answer.cookies.values()],
        }
        for name, answer in told.items()
    }


if __name__ == "__main__":
    main()
