"""Security headers as graded by Mozilla Observatory, on every kind of page of an instance behind HTTPS.

src/grader/charts.js in https://github.com/mdn/mdn-http-observatory lists the points for each finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes.instance import clean_environment

STATUS = {"login": 200, "app": 200, "admin": 200, "not found": 404, "error": 500, "static file": 200}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.attacks.https_instance"], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


def policy(headers: dict[str, str]) -> dict[str, list[str]]:
    """Parse a Content-Security-Policy into its directives and their sources."""
    directives = filter(None, (part.split() for part in headers.get("content-security-policy", "").split(";")))
    return {name: sources for name, *sources in directives}


def findings(headers: dict[str, str], cookies: list[str]) -> dict[str, int]:
    """Return the points that each header adds to, or subtracts from, a page's initial hundred."""
    csp = policy(headers)
    sources = {source for sources in csp.values() for source in sources}
    strict = csp.get("default-src") == ["'none'"] and not any(
        "unsafe" in s or "http:" in s or s == "*" for s in sources
    )
    hidden = [cookie for cookie in cookies if not cookie.startswith("__Host-csrftoken")]
    secure = all("Secure" in cookie for cookie in cookies) and all("HttpOnly" in cookie for cookie in hidden)
    same_site = all("SameSite=Lax" in cookie or "SameSite=Strict" in cookie for cookie in cookies)
    age = int(headers.get("strict-transport-security", "max-age=0").partition(";")[0].partition("=")[2])
    return {
        "content-security-policy": 10 if strict else -20,
        "cookies": 5 * same_site if secure else -40,
        "cross-origin-resource-policy": 10 * (headers.get("cross-origin-resource-policy") == "same-origin"),
        "cross-origin-resource-sharing": -50 * ("access-control-allow-origin" in headers),
        "referrer-policy": 5 if headers.get("referrer-policy") in {"same-origin", "no-referrer"} else -5,
        "strict-transport-security": 0 if age >= 15_768_000 else -20,
        "x-content-type-options": 0 if headers.get("x-content-type-options") == "nosniff" else -5,
        "x-frame-options": 5 if csp.get("frame-ancestors") == ["'none'"] else -20,
    }


@pytest.mark.parametrize("page", STATUS)
def test_every_kind_of_page_has_the_best_grade(told: dict[str, Any], page: str) -> None:
    assert told[page]["status"] == STATUS[page]
    cookies = told["login"]["cookies"] + told["signed in"]["cookies"]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-device", "__Host-csrftoken", "__Host-sessionid"}
    graded = findings(told[page]["headers"], cookies)
    assert graded == {
        "content-security-policy": 10,
        "cookies": 5,
        "cross-origin-resource-policy": 10,
        "cross-origin-resource-sharing": 0,
        "referrer-policy": 5,
        "strict-transport-security": 0,
        "x-content-type-options": 0,
        "x-frame-options": 5,
    }
    assert 100 + sum(graded.values()) >= 130


def test_policy_says_by_name_what_graders_look_for(told: dict[str, Any]) -> None:
    named = policy(told["app"]["headers"])
    assert [named[name] for name in ("object-src", "base-uri", "frame-ancestors")] == [["'none'"]] * 3


def test_no_script_reads_a_cookie(told: dict[str, Any]) -> None:
    named = {cookie for answer in told.values() for cookie in answer["cookies"] if "Max-Age=0" not in cookie}
    assert [cookie for cookie in named if "HttpOnly" not in cookie] == []


def test_messages_and_all_other_cookies_are_bound_to_the_host(told: dict[str, Any]) -> None:
    named = {cookie for answer in told.values() for cookie in answer["cookies"]}
    assert {cookie.partition("=")[0] for cookie in told["saved"]["cookies"]} >= {"__Host-messages"}
    assert [cookie for cookie in named if not cookie.startswith("__Host-")] == []
    assert [cookie for cookie in named if "Path=/;" not in f"{cookie};" or "Domain" in cookie] == []


def test_other_hosts_of_the_domain_are_left_alone(told: dict[str, Any]) -> None:
    assert told["login"]["headers"]["strict-transport-security"] == "max-age=63072000"


@pytest.mark.parametrize(
    ("setting", "header"),
    [
        ("host", "max-age=63072000"),
        ("subdomains", "max-age=63072000; includeSubDomains"),
        ("preload", "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_setting_asks_for_more(tmp_path: Path, setting: str, header: str) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client(headers={'host': 'netcrm.example.org'}).get('/health/db/', secure=True)\n"
        "print(answer.headers['Strict-Transport-Security'])"
    )
    environment = clean_environment(
        DJANGO_SETTINGS_MODULE="netcrm.settings",
        NETCRM_BASE_URL="https://netcrm.example.org",
        NETCRM_DATA=str(tmp_path),
        NETCRM_HSTS=setting,
    )
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == header


def test_http_leads_to_https(told: dict[str, Any]) -> None:
    assert told["without https"]["status"] == 301
    assert told["without https"]["headers"]["location"].startswith("https://")


def test_private_pages_are_kept_by_no_cache(told: dict[str, Any]) -> None:
    assert "no-store" in told["app"]["headers"]["cache-control"]
    assert "no-store" in told["admin"]["headers"]["cache-control"]


@pytest.mark.parametrize("lost", ["content-security-policy", "referrer-policy", "cross-origin-resource-policy"])
def test_grade_sees_a_lost_header(told: dict[str, Any], lost: str) -> None:
    headers = {name: value for name, value in told["app"]["headers"].items() if name != lost}
    assert 100 + sum(findings(headers, told["login"]["cookies"]).values()) < 130
