"""Watching one of Alice's pages in Chromium for anything it was not meant to do."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.signed_in import signed_in

SMUGGLED = "smuggled"
"""Appears in every URL that a payload would request."""

HTMX = (
    f"\"'></option></select></textarea></title></label></p></b><b hx-post=/{SMUGGLED} hx-trigger=load"
    f" data-hx-get=/{SMUGGLED} data-hx-trigger=load hx-on::load=alert(1) hx-swap-oob=true>"
)
"""Closes whatever may surround a text and sends a request as soon as it loads; short enough for nearly all fields."""

SCRIPT = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"

SCHEMES = {"http", "https", "mailto", "tel", "sms", ""}
LINKS = "[...document.querySelectorAll('a[href], form[action]')].map(node => node.href || node.action)"
OWN = """
    [...document.querySelectorAll('[data-seal]')].map(node => node.getAttribute('hx-get')).filter(Boolean)
      .concat([...document.querySelectorAll('iframe.letter-frame, img.portrait')].map(node => node.src))
      .map(address => new URL(address, location.href).href)
"""
SMUGGLED_IN = """
    [...document.querySelectorAll('*')].filter(node => !node.matches('[data-seal]')
      && node.getAttributeNames().some(name => name !== 'hx-disable' && /^(data-)?hx-|^on/.test(name)))
      .map(node => node.outerHTML.slice(0, 200))
"""
"""Elements that htmx or a script would act on and that no template contains."""


class Watch:
    """Alice's browser, watched for anything that pages do beyond what their templates say.

    `complaints` lists such behaviour, and `unexpected` the requests among it.
    """

    def __init__(self, page: Page, live_server: LiveServer, member: User) -> None:
        self.page, self.origin = page, live_server.url
        self.complaints: list[str] = []
        self.unexpected: list[str] = []
        self.opened: list[str] = []
        self.client = signed_in(member)
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.origin}])
        self._asked: list[Request] = []
        page.on("request", self._note_request)
        page.on("dialog", lambda dialog: (self._complain("a script ran"), dialog.dismiss()))
        page.on("pageerror", lambda problem: self._complain(str(problem)))
        page.on("console", lambda message: "Content Security" in message.text and self._complain(message.text))

    def _note_request(self, request: Request) -> None:
        self._asked.append(request)

    def _complain(self, what: str) -> None:
        self.complaints.append(f"{self.page.url}: {what}")

    def visit(self, addresses: Iterable[str]) -> None:
        """Open each URL that returns a page, and check its requests and its links."""
        for address in dict.fromkeys(addresses):
            answer = self.client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                self.open(address)

    def open(self, address: str) -> None:
        """Open one page, wait until it has loaded completely, and check it."""
        self._asked.clear()
        self.page.goto(f"{self.origin}{address}", wait_until="load")
        self.page.wait_for_timeout(50)  # htmx starts when the page is ready and sends its requests immediately.
        self.opened.append(address)
        own = {*self.page.evaluate(OWN), self.page.url}
        for request in self._asked:
            if not self._is_own(request, own):
                self.unexpected.append(f"{self.page.url}: {request.method} {request.url}")
                self._complain(f"{request.method} {request.url}")
        for element in self.page.evaluate(SMUGGLED_IN):
            self._complain(f"markup of a text: {element}")
        schemes = {urlsplit(link).scheme for link in self.page.evaluate(LINKS)}
        if not schemes <= SCHEMES:
            self._complain(f"a link to {schemes - SCHEMES}")

    def _is_own(self, request: Request, own: set[str]) -> bool:
        """Return whether a page makes this request by itself as it loads: for itself, static files, parts or images."""
        if request.method != "GET" or SMUGGLED in unquote(request.url):
            return False
        path = urlsplit(request.url).path
        return request.url in own or path.startswith("/static/") or path == reverse("admin:jsi18n")
