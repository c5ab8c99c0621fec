"""Determining whether a silent PostgreSQL server is busy or frozen.

A statement may take long, wait for a lock, or never be answered. No timeout distinguishes these: the server's own don't
fire while it is frozen, nor do the kernel's, because the kernel still acknowledges packets for a stopped process.
So after some silence, netcrm asks the server for a sign of life over a second connection.
"""

from __future__ import annotations

import socket
import threading
from time import monotonic

LONGEST_SILENCE = 1.5
"""Seconds without a byte from the server after which it is asked for a sign of life."""

LONGEST_PING = 1.0
"""Seconds within which a live server has to answer."""

PAUSE = 1.0
"""Seconds after a failed attempt during which the thread does not try again.

So a request that queries the database several times only waits the first time, and requests that have queued for the
thread are answered at once.
"""

SSL_REQUEST = bytes((0, 0, 0, 8, 4, 210, 22, 47))
"""The shortest message that every server answers before authentication, with one byte that says if it supports TLS."""


class Outage(threading.local):
    """The time of a thread's last failure to reach the server; each thread has its own.

    They are separate because one thread's failure to connect says nothing about connections that other threads hold.
    """

    over_at = 0.0

    def note(self) -> None:
        """Record that the server has just failed to answer."""
        self.over_at = monotonic() + PAUSE

    @property
    def is_recent(self) -> bool:
        """Whether it is too early to wait for the server again."""
        return monotonic() < self.over_at


def gives_sign_of_life(host: str, port: int) -> bool:
    """Return whether the server answers within LONGEST_PING seconds.

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
