"""The reader of the environment. A value that can't be used stops the start with a sentence that names the remedy."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

MEANS_YES = ("true", "yes", "on", "1")
MEANS_NO = ("false", "no", "off", "0")
MAIL_PORTS = {"submission": 587, "smtps": 465, "smtp": 25}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Environment:
    """Typed readers of variables. Each raises ImproperlyConfigured for a value that can't be used.

    A variable that is set to nothing counts as not set. Passwords stand in URLs, so that a message quotes the value of
    the other kinds alone.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, name: str, *, default: str) -> str:
        """Return the words of a variable."""
        return self.variables.get(name, "").strip() or default

    def listed(self, name: str, *, default: list[str]) -> list[str]:
        """Return the words between commas."""
        return [word.strip() for word in self.text(name, default="").split(",") if word.strip()] or default

    def whole_number(self, name: str, *, default: int, least: int, most: int | None = None) -> int:
        """Return a whole number from `least` to `most`."""
        text = self.text(name, default=f"{default}")
        bounds = f"a whole number from {least} to {most}" if most is not None else f"a whole number from {least} on"
        try:
            number = int(text)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is {text!r}. Set it to {bounds}.") from None
        if number < least or (most is not None and number > most):
            raise ImproperlyConfigured(f"{name} is {text!r}. Set it to {bounds}.")
        return number

    def positive(self, name: str, *, default: float) -> float:
        """Return a number above zero."""
        text = self.text(name, default=f"{default}")
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise ImproperlyConfigured(f"{name} is {text!r}. Set it to a number above 0, with a point for decimals.")
        return number

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether something is switched on."""
        text = self.text(name, default=f"{default}").lower()
        if text not in (*MEANS_YES, *MEANS_NO):
            raise ImproperlyConfigured(f"{name} is {text!r}. Set it to true or false.")
        return text in MEANS_YES

    def address(self, name: str, *, default: str, schemes: tuple[str, ...]) -> str:
        """Return a URL that begins with one of the schemes, without a slash at its end; "" if `default` is that."""
        address = self.text(name, default=default)
        if not address:
            return ""
        scheme, _separator, rest = address.partition("://")
        if scheme not in schemes or not rest.strip("/"):
            raise ImproperlyConfigured(
                f"{name} has to start with {' or '.join(f'{known}://' for known in schemes)} and to name what comes "
                "after it; docs/settings.md has examples."
            )
        try:
            _ = urlsplit(address).port
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} has no port that can be used. Percent-encode the special characters of user and password; "
                "docs/settings.md has examples."
            ) from None
        return address.rstrip("/")

    def database(self, name: str) -> dict[str, Any] | None:
        """Return Django's settings of a PostgreSQL database, None if there is none."""
        address = self.address(name, default="", schemes=("postgres", "postgresql"))
        return environ.Env.db_url_config(address) if address else None

    def mail_server(self, name: str) -> dict[str, Any] | None:
        """Return what Django's SMTP backend takes to reach the mail server, None if there is none.

        The schemes are those of RFC 8314: `submission` begins plain and switches by STARTTLS, `smtps` is TLS at once.
        """
        address = self.address(name, default="", schemes=tuple(MAIL_PORTS))
        if not address:
            return None
        parts = urlsplit(address)
        return {
            "host": parts.hostname,
            "port": parts.port or MAIL_PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "submission",
            "use_ssl": parts.scheme == "smtps",
        }

    def time_zone(self, name: str, *, default: str) -> str:
        """Return the name of a time zone."""
        zone = self.text(name, default=default)
        if zone not in zoneinfo.available_timezones():
            raise ImproperlyConfigured(f"{name} is {zone!r}. Set it to a name like Europe/Berlin or America/New_York.")
        return zone

    def choice(self, name: str, *, default: str, choices: tuple[str, ...]) -> str:
        """Return one of the words."""
        word = self.text(name, default=default)
        if word not in choices:
            raise ImproperlyConfigured(f"{name} is {word!r}. Set it to one of {', '.join(choices)}.")
        return word

    def log_level(self, name: str, *, default: str) -> str:
        """Return a level of Python's logging."""
        level = self.text(name, default=default).upper()
        if level not in LOG_LEVELS:
            raise ImproperlyConfigured(f"{name} is {level!r}. Set it to one of {', '.join(LOG_LEVELS)}.")
        return level
