"""A mail server that is slow at one step of a delivery."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

Act = Callable[[socket.socket], object]

BETWEEN_BYTES = 0.05
"""Seconds between two bytes of an answer that never ends."""


def say(text: bytes) -> Act:
    return lambda client: client.sendall(text)


def hear(client: socket.socket) -> None:
    client.recv(1000)


def drip(client: socket.socket) -> None:
    """Send a byte every BETWEEN_BYTES seconds forever: a TLS record or an SMTP line that never ends."""
    client.sendall(b"\x16\x03\x03\x40\x00")
    while True:
        client.sendall(b"2")
        time.sleep(BETWEEN_BYTES)


def think(seconds: float) -> Act:
    return lambda _client: time.sleep(seconds)


GREETING, OK = say(b"220 hello\r\n"), say(b"250 OK\r\n")

WAYS: dict[str, tuple[str, tuple[Act, ...]]] = {
    "silence": ("smtp", (GREETING, hear)),
    "greeting": ("smtp", (drip,)),
    "EHLO": ("smtp", (GREETING, hear, drip)),
    "TLS": ("smtps", (drip,)),
    "STARTTLS": (
        "submission",
        (GREETING, hear, say(b"250-hello\r\n250 STARTTLS\r\n"), hear, say(b"220 go\r\n"), drip),
    ),
}
"""The steps at which a mail server may be slow: the scheme of its URL, and its acts before it falls silent."""


@contextmanager
def slow_server(acts: Sequence[Act]) -> Iterator[int]:
    """Run a server that does these things with its first client and then says nothing; yields its port."""
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as client:
            for act in acts:
                act(client)
            over.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
