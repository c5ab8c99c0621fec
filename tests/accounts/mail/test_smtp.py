"""An attempt to hand a mail over ends in time, whatever the mail server is slow at."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.conf import LazySettings

from accounts.mail import transport
from accounts.mail.transport import Transport
from accounts.models import OutgoingMail

ATTEMPT = 0.3
EMAIL_TIMEOUT = 10
"""Seconds that a single reply may take; no attempt may get near them."""

Act = Callable[[socket.socket], object]


def say(text: bytes) -> Act:
    return lambda client: client.sendall(text)


def hear(client: socket.socket) -> None:
    client.recv(1000)


def drip(client: socket.socket) -> None:
    """Send a byte now and then, for ever, as a record of TLS or a line of SMTP that does not end."""
    client.sendall(b"\x16\x03\x03\x40\x00")
    while True:
        client.sendall(b"2")
        time.sleep(0.05)


@pytest.fixture
def server_that(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Make the mail server do these things with its client, one after the other, and then nothing."""
    monkeypatch.setattr(transport, "ATTEMPT_SECONDS", ATTEMPT)
    monkeypatch.setattr(transport, "LEAVING_SECONDS", ATTEMPT)
    settings.EMAIL_TIMEOUT = EMAIL_TIMEOUT
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(acts: tuple[Act, ...]) -> None:
            with suppress(OSError), listener.accept()[0] as client:
                for act in acts:
                    act(client)
                over.wait(EMAIL_TIMEOUT)

        def start(*acts: Act, **server: bool) -> None:
            settings.MAIL_SERVER = {"host": "127.0.0.1", "port": listener.getsockname()[1], **server}
            threading.Thread(target=serve, args=(acts,), daemon=True).start()

        yield start
        over.set()


def mail() -> OutgoingMail:
    return OutgoingMail(recipient="anna@example.org", subject="Hello", text="Hello", message_id="<1@example.org>")


def is_in_time(act: Callable[[], object]) -> bool:
    begin = time.monotonic()
    act()
    return time.monotonic() - begin < EMAIL_TIMEOUT / 2


GREETING, WELCOME = say(b"220 hello\r\n"), say(b"250-hello\r\n250 STARTTLS\r\n")


@pytest.mark.parametrize(
    ("acts", "server"),
    [
        ((drip,), {}),
        ((GREETING, hear, drip), {}),
        ((GREETING, hear), {}),
        ((drip,), {"use_ssl": True}),
        ((GREETING, hear, WELCOME, hear, say(b"220 go\r\n"), drip), {"use_tls": True}),
    ],
    ids=["greeting", "EHLO", "silence", "TLS", "STARTTLS"],
)
def test_attempt_ends_in_time(server_that: Callable[..., None], acts: tuple[Act, ...], server: dict[str, bool]) -> None:
    server_that(*acts, **server)

    def attempt() -> None:
        with Transport() as mails, pytest.raises(OSError, match="timed out"):
            mails.deliver(mail())

    assert is_in_time(attempt)


def test_name_that_nobody_looks_up_ends_in_time(
    server_that: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    server_that()
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_name, **_kind: over.wait(EMAIL_TIMEOUT))

    def attempt() -> None:
        with Transport() as mails, pytest.raises(TimeoutError):
            mails.deliver(mail())

    assert is_in_time(attempt)
    over.set()


def test_leave_is_taken_in_time(server_that: Callable[..., None]) -> None:
    taken = [GREETING, hear, say(b"250 hello\r\n"), *[hear, say(b"250 OK\r\n")] * 2, hear, say(b"354 go\r\n")]
    server_that(*taken, hear, say(b"250 OK\r\n"), drip)

    def deliver() -> None:
        with Transport() as mails:
            mails.deliver(mail())

    assert is_in_time(deliver)
