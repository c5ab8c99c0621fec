"""The forms on a page, as a browser would submit them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "reset", "button", "image"}
FREE = {"text", "search", "email", "url", "tel", "password", "hidden", "number", "date", "textarea", ""}


@dataclass
class Form:
    """A form's URL and method, the values of its fields, and the names of the fields that accept any text."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    free: set[str] = field(default_factory=set)


class _FormParser(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(found.get("action") or self.address, found.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form and tag == "option" and self._form.values:
            name, value = self._form.values[-1]
            if "selected" in found or not value:
                self._form.values[-1] = (name, found.get("value", ""))
        elif self._form and found.get("name") and tag in {"input", "select", "textarea", "button"}:
            kind = found.get("type", "textarea" if tag == "textarea" else "")
            self._form.values.append((found["name"], found.get("value", "")))
            if kind in FREE and tag != "button":
                self._form.free.add(found["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def forms_of(address: str, html: str) -> list[Form]:
    """Return every form on a page. An empty action means the page's own URL."""
    parser = _FormParser(address)
    parser.feed(html)
    return parser.forms
