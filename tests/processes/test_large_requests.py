"""Many large requests at once leave the instance responsive."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

from tests.passwords import PASSWORD
from tests.processes.instance import Instance, manage

EMAIL = "alice@example.org"
AT_ONCE = 16
PATIENCE = 30.0
"""Seconds that each request may take. Before requests were bounded, sixteen of these took twenty minutes."""

NAMES = "; ".join(f"Anna b{number}" for number in range(16_000))
WORDS = " ".join(f"w{number}" for number in range(100_000))


class Browser:
    """A client with cookies that submits forms with the token of the previous page."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def open(self, path: str, form: dict[str, str] | None = None) -> int:
        """Return the response status after redirects."""
        data = None
        if form is not None:
            token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")
            data = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token or ""}).encode()
        try:
            with self._opener.open(self._instance.address(path), data, timeout=PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code


def test_sixteen_large_requests_leave_the_login_page(data: Path) -> None:
    with Instance(data) as instance:
        made = manage(instance.environment, "create_member", EMAIL, "--password-stdin", text=PASSWORD)
        assert made.returncode == 0, made.stderr
        alice, guest = Browser(instance), Browser(instance)
        alice.open("/accounts/login/")
        assert alice.open("/accounts/login/", {"login": EMAIL, "password": PASSWORD}) == 200
        assert alice.open("/log/") == 200
        forms = [
            {"mode": "give", "kind": "tip", "people": NAMES},
            {"mode": "give", "search": "received", "received": WORDS},
        ]
        with ThreadPoolExecutor(AT_ONCE) as senders:
            sent = [senders.submit(alice.open, "/log/", forms[number % 2]) for number in range(AT_ONCE)]
            begin = time.monotonic()
            assert guest.open("/accounts/login/") == 200
            waited = time.monotonic() - begin
            statuses = sorted(each.result() for each in sent)
            lasted = time.monotonic() - begin
    print(f"login after {waited:.2f} s, all {AT_ONCE} answered after {lasted:.2f} s: {statuses}")
    assert statuses == [200] * 8 + [422] * 8
    assert lasted < PATIENCE
