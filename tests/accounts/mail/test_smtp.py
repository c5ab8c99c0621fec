"""An attempt to deliver a mail ends in time, whichever step the mail server is slow at."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings

from accounts.mail import transport
from accounts.mail.transport import Transport
from accounts.models import OutgoingMail
from tests.accounts.mail.slow_server import GREETING, OK, WAYS, drip, hear, say, slow_server

EMAIL_TIMEOUT = 10
"""Seconds that a single reply may take; every attempt must end long before."""


@pytest.fixture(autouse=True)
def short_attempts(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ATTEMPT_SECONDS", 0.3)
    monkeypatch.setattr(transport, "LEAVING_SECONDS", 0.3)
    settings.EMAIL_TIMEOUT = EMAIL_TIMEOUT


def deliver() -> None:
    mail = OutgoingMail(recipient="anna@example.org", subject="Hello", text="Hello", message_id="<1@example.org>")
    with Transport() as transport:
        transport.deliver(mail)


def is_in_time(act: Callable[[], object]) -> bool:
    begin = time.monotonic()
    act()
    return time.monotonic() - begin < EMAIL_TIMEOUT / 2


def fail() -> None:
    """Fail because a single wait was too long, or all of them together, whichever comes first."""
    with pytest.raises(OSError, match=r"timed out|took too long|^$"):
        deliver()


@pytest.mark.parametrize("way", WAYS)
def test_attempt_ends_in_time(settings: LazySettings, way: str) -> None:
    scheme, acts = WAYS[way]
    with slow_server(acts) as port:
        settings.MAIL_SERVER = {
            "host": "127.0.0.1", "port": port, "use_tls": scheme == "submission", "use_ssl": scheme == "smtps"
        }  # fmt: skip
        assert is_in_time(fail)


def test_name_that_nobody_looks_up_ends_in_time(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_SERVER = {"host": "mail.example.org", "port": 25}
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_name, **_kind: over.wait(EMAIL_TIMEOUT))
    assert is_in_time(fail)
    over.set()


def test_leave_is_taken_in_time(settings: LazySettings) -> None:
    taken = (GREETING, *[hear, OK] * 3, hear, say(b"354 go\r\n"), hear, OK, hear, drip)
    with slow_server(taken) as port:
        settings.MAIL_SERVER = {"host": "127.0.0.1", "port": port}
        assert is_in_time(deliver)
