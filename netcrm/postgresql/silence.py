"""Whether a PostgreSQL server that says nothing is busy or frozen.

A statement may take long, wait for a lock, or never be answered. No timeout can tell these apart: the server's own do
nothing while it is frozen, and those of the kernel neither, as it goes on acknowledging for a process that has stopped.
So after a while of silence we ask the server for a sign of life over a second connection.
"""

from __future__ import annotations

import socket
import threading
from time import monotonic

LONGEST_SILENCE = 1.5
"""Seconds without a byte from the server after which it is asked for a sign of life."""

LONGEST_PING = 1.0
"""Seconds in which a server that lives gives it."""

PAUSE = 1.0
"""Seconds after a vain attempt in which the thread makes no other one.

So a request that asks the database at several places waits at the first of them only, and requests that have waited
for the thread are answered at once.
"""

SSL_REQUEST = bytes((0, 0, 0, 8, 4, 210, 22, 47))
"""The shortest message that each server answers before any authentication: with one byte, whether it speaks TLS."""


class Outage(threading.local):
    """When a thread last waited for the server in vain; each thread has its own.

    A thread that could get no new connection knows nothing of the connections that others hold.
    """

    over_at = 0.0

    def note(self) -> None:
        """Remember that the server has just been waited for in vain."""
        self.over_at = monotonic() + PAUSE

    @property
    def is_recent(self) -> bool:
        """Whether it is too early to wait for the server again."""
        return monotonic() < self.over_at


def gives_sign_of_life(host: str, port: int) -> bool:
    """Return whether the server answers within LONGEST_PING seconds, or so that it can't be frozen.

    `host` is an address or, for a Unix socket, the absolute path of its folder.
    """
    try:
        with _opened(host, port) as probe:
            probe.sendall(SSL_REQUEST)
            probe.recv(1)
    except OSError:
        return False
    return True


def _opened(host: str, port: int) -> socket.socket:
    """Return a socket that is connected to the server and fails after LONGEST_PING seconds. Raises OSError."""
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=LONGEST_PING)
    probe = socket.socket(socket.AF_UNIX)
    try:
        probe.settimeout(LONGEST_PING)
        probe.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        probe.close()
        raise
    return probe
