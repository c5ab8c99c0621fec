"""Each element with an htmx request has all the attributes that the request needs, and inherits none from its
ancestors, because htmx 4 no longer inherits attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client

from contacts.models import Network
from netcrm.templatetags.seals import ATTRIBUTES
from tests.attacks.addresses import every_address
from tests.isolation.rows import Belongings

pytestmark = pytest.mark.any_database

SAFE = {"hx-get"}
UNSAFE = {"hx-post", "hx-put", "hx-patch", "hx-delete"}
OWN = {"hx-trigger", "hx-swap-oob", "hx-preserve", "hx-history-elt"}
"""Attributes that htmx never inherits, apart from the requests themselves."""
HANDED_DOWN = set(ATTRIBUTES) - SAFE - UNSAFE - OWN
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element, its ancestors from the innermost outwards, and, for a form, whether it contains the CSRF token."""

    tag: str
    attributes: dict[str, str]
    around: list[Element]
    has_token: bool = field(default=False)

    def form(self) -> Element | None:
        """Return the form whose fields are sent with the request: the element itself or an ancestor, if any."""
        return next((each for each in (self, *self.around) if each.tag == "form"), None)

    def problems(self) -> list[str]:
        """Return the problems that the element's request would have without inheritance."""
        asks = self.attributes.keys() & (SAFE | UNSAFE)
        if not asks:
            return []
        inherited = {name for each in self.around for name in each.attributes.keys() & HANDED_DOWN}
        found = [f"{name} comes from around it" for name in sorted(inherited - self.attributes.keys())]
        form = self.form()
        brings_token = "X-CSRFToken" in self.attributes.get("hx-headers", "") or bool(form and form.has_token)
        if asks & UNSAFE and not brings_token:
            found.append("the token is missing")
        return [f"<{self.tag} {' '.join(sorted(asks))}={self.attributes[min(asks)]}>: {each}" for each in found]


class Elements(HTMLParser):
    """Parses a page into its elements, each with its ancestors."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes}, self._open[::-1])
        self.found.append(element)
        if element.attributes.get("name") == "csrfmiddlewaretoken":
            for form in [each for each in element.around if each.tag == "form"]:
                form.has_token = True
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in {each.tag for each in self._open}:
            while self._open.pop().tag != tag:
                pass


def problems(html: str) -> list[str]:
    return [problem for element in Elements(html).found for problem in element.problems()]


def test_requests_of_htmx_need_nothing_from_around_them(
    alice_client: Client, network: Network, belongings: Belongings
) -> None:
    """Check every page, and every partial, which ends up inside the page that requested it."""
    found, requests = set(), 0
    for address in every_address(belongings, network):
        for headers in ({}, {"HX-Request": "true"}):
            answer = alice_client.get(address, headers=headers)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                html = answer.content.decode()
                found |= {f"{address}: {problem}" for problem in problems(html)}
                requests += html.count(" hx-post=") + html.count(" hx-get=")
    assert found == set()
    assert requests > 300


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<body hx-headers="{}"><a hx-get="/a">', "hx-headers comes from around it"),
        ('<form hx-swap="outerHTML"><input><p>x</p><input hx-get="/a" hx-target="#b">', "hx-swap comes from around it"),
        ('<ul hx-post="/a">', "the token is missing"),
        ('<form><input name="csrfmiddlewaretoken"></form><ul hx-post="/a">', "the token is missing"),
        ('<div hx-headers="X-CSRFToken"><ul hx-post="/a">', "the token is missing"),
    ],
)
def test_request_that_lacks_something_is_seen(html: str, problem: str) -> None:
    assert problem in " ".join(problems(html))


@pytest.mark.parametrize(
    "html",
    [
        '<body hx-disable><a hx-get="/a" hx-target="#b">',
        '<form hx-post="/a"><input name="csrfmiddlewaretoken">',
        '<form><input name="csrfmiddlewaretoken"><button hx-post="/a">',
        '<ul hx-post="/a" hx-headers="X-CSRFToken">',
        '<div hx-get="/a" hx-target="this"></div><a hx-get="/b">',
    ],
)
def test_request_that_says_all_by_itself_is_fine(html: str) -> None:
    assert problems(html) == []
