"""Reads settings from environment variables. An invalid value stops the start with a sentence on what to do."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

MEANS_YES = ("true", "yes", "on", "1")
MEANS_NO = ("false", "no", "off", "0")
MAIL_PORTS = {"submission": 587, "smtps": 465, "smtp": 25}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Environment:
    """Typed readers of variables. Each raises ImproperlyConfigured for an invalid value.

    An empty variable counts as not set. Instead of a variable NAME there may be NAME_FILE, the path of a file with the
    value, which is how container and service managers hand out secrets. Passwords occur only in URLs and files, so
    messages never quote those; they quote the values of other variables.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, name: str, *, default: str) -> str:
        """Return a variable's value, or the content of the file named by NAME_FILE, stripped of whitespace."""
        given, path = self.variables.get(name, "").strip(), self.variables.get(f"{name}_FILE", "").strip()
        if given and path:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Take one of them away.")
        return (self._of_file(name, path) if path else given) or default

    def _of_file(self, name: str, path: str) -> str:
        try:
            return Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeError) as problem:
            reason = getattr(problem, "strerror", None) or "it is no text"
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which can't be read ({reason}). Make it readable for whoever runs netcrm."
            ) from problem

    def listed(self, name: str, *, default: list[str]) -> list[str]:
        """Return the comma-separated values."""
        return [word.strip() for word in self.text(name, default="").split(",") if word.strip()] or default

    def whole_number(self, name: str, *, default: int, least: int, most: int | None = None) -> int:
        """Return a whole number from `least` to `most`, or without an upper limit if `most` is None."""
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
        """Return a finite number above zero."""
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
        """Return a URL with one of the schemes, without trailing slashes; "" if variable and `default` are empty."""
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

    def base_url(self, name: str, *, default: str) -> str:
        """Return the URL at which people open netcrm: scheme, host and port, without a path."""
        address = self.address(name, default=default, schemes=("http", "https"))
        parts = urlsplit(address)
        if not parts.hostname or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            raise ImproperlyConfigured(
                f"{name} is {address!r}. Set it to scheme and host alone, for example https://netcrm.example.org; "
                "netcrm needs a host name of its own."
            )
        return address

    def host_names(self, name: str, *, default: list[str]) -> list[str]:
        """Return the comma-separated host names."""
        names = self.listed(name, default=default)
        for host in names:
            if not re.fullmatch(r"\.?[\w.-]+|\[[0-9a-fA-F:.]+\]", host):
                raise ImproperlyConfigured(
                    f"{name} has {host!r} in it. Set it to host names with commas, without scheme, port and path."
                )
        return names

    def _with_password(self, name: str, address: str, password: str) -> str:
        """Return the URL `address` of the variable `name` with the separate `password` inserted, unless it is empty."""
        if not password:
            return address
        parts = urlsplit(address)
        if parts.password or not parts.hostname:
            raise ImproperlyConfigured(
                f"There is a password beside {name}, but {name} {'has one' if parts.password else 'names no server'}. "
                "Take one of them away."
            )
        user, _at, server = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{quote(password, safe='')}@{server}"))

    def broker(self, name: str, password: str = "") -> str:
        """Return the URL of Redis, with `password` unless that is empty; "" if the variable is not set."""
        address = self.address(name, default="", schemes=("redis", "rediss", "redis+socket"))
        parts = urlsplit(address)
        if parts.scheme in {"redis", "rediss"} and not (parts.hostname and re.fullmatch(r"(/\d*)?", parts.path)):
            raise ImproperlyConfigured(
                f"{name} has to name a host and at most the number of a database behind it, for example "
                "redis://host:6379/0. Percent-encode the special characters of a password."
            )
        return self._with_password(name, address, password)

    def database(self, name: str, password: str = "") -> dict[str, Any] | None:
        """Return Django's settings of a PostgreSQL database, or None if the variable is not set.

        The password may be given as `password` instead of in the URL.
        """
        address = self.address(name, default="", schemes=("postgres", "postgresql"))
        parts = urlsplit(address)
        if address and not (parts.hostname and re.fullmatch(r"/[^/]+", parts.path)):
            raise ImproperlyConfigured(
                f"{name} has to name a host and a database, for example postgres://netcrm:password@host:5432/netcrm. "
                "Percent-encode the special characters of user and password."
            )
        address = self._with_password(name, address, password)
        return environ.Env.db_url_config(address) if address else None

    def mail_server(self, name: str, password: str = "") -> dict[str, Any] | None:
        """Return the arguments of Django's SMTP backend, or None if the variable is not set.

        The schemes are `submission` (STARTTLS), `smtps` (implicit TLS, preferred by RFC 8314) and `smtp` (no TLS).
        The password may be given as `password` instead of in the URL.
        """
        address = self.address(name, default="", schemes=tuple(MAIL_PORTS))
        address = self._with_password(name, address, password)
        if not address:
            return None
        parts = urlsplit(address)
        has_rest = parts.path or parts.query or parts.fragment
        if not parts.hostname or has_rest or bool(parts.username) != bool(parts.password) or " " in address:
            raise ImproperlyConfigured(
                f"{name} has to name a host, and user and password or neither, for example "
                "submission://user:password@mail.example.org:587. Percent-encode the special characters of both."
            )
        return {
            "host": parts.hostname,
            "port": parts.port or MAIL_PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "submission",
            "use_ssl": parts.scheme == "smtps",
        }

    def sender(self, name: str, *, default: str) -> str:
        """Return the sender of mails: an address, optionally preceded by a name."""
        sender = self.text(name, default=default)
        found = re.fullmatch(r"[^<>@]*<([^<>\s]+)>|([^<>\s]+)", sender)
        try:
            validate_email(found and (found[1] or found[2]))
            is_sender = sender.isprintable()
        except ValidationError:
            is_sender = False
        if not is_sender:
            raise ImproperlyConfigured(
                f"{name} is no sender that mails can have. Set it to an address, or to one with a name before it: "
                "netcrm <netcrm@example.org>"
            )
        return sender

    def bind(self, name: str, *, default: str) -> str:
        """Return the address on which gunicorn listens: HOST:PORT, [IPv6]:PORT, unix:PATH or fd://NUMBER."""
        place = self.text(name, default=default)
        if re.fullmatch(r"unix:/.+|fd://\d+", place):
            return place
        found = re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", place)
        if not found or not 1 <= int(found[1]) <= 65535:
            raise ImproperlyConfigured(
                f"{name} is {place!r}. Set it to an address with a port, such as 127.0.0.1:8000 or [::1]:8000, or to "
                "unix:/path/of/a/socket."
            )
        return place

    def time_zone(self, name: str, *, default: str) -> str:
        """Return the name of a time zone in the IANA database."""
        zone = self.text(name, default=default)
        if zone not in zoneinfo.available_timezones():
            raise ImproperlyConfigured(f"{name} is {zone!r}. Set it to a name like Europe/Berlin or America/New_York.")
        return zone

    def choice(self, name: str, *, default: str, choices: tuple[str, ...]) -> str:
        """Return a value that is one of `choices`."""
        word = self.text(name, default=default)
        if word not in choices:
            raise ImproperlyConfigured(f"{name} is {word!r}. Set it to one of {', '.join(choices)}.")
        return word

    def log_level(self, name: str, *, default: str) -> str:
        """Return the name of a level of Python's logging."""
        level = self.text(name, default=default).upper()
        if level not in LOG_LEVELS:
            raise ImproperlyConfigured(f"{name} is {level!r}. Set it to one of {', '.join(LOG_LEVELS)}.")
        return level
