"""Print, as JSON, the headers and cookies with which an instance behind HTTPS responds.

The settings depend on the URL under which an instance is reached, so the test runs this in a separate process.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from typing import Any
from unittest.mock import patch

import django

from tests.passwords import PASSWORD

HOST = "netcrm.example.org"
EMAIL = "olga@example.org"


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
    """Return the status, headers and cookies that a browser receives, by page name."""
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
        "saved": browser.post("/log/", {"mode": "give", "people": "Anna"}, secure=True),
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
