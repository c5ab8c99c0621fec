"""A session with the mail server in which every wait ends with the attempt.

smtplib has a timeout for each read, which a server that sends single bytes never exceeds. So every step gets only the
time that is left of the attempt: looking up the server's name, connecting, the TLS handshake, and each read and write.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from concurrent.futures import Future
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


class Deadline:
    """The time at which all waiting for the mail server ends."""

    def __init__(self) -> None:
        self.ends_at = 0.0
        """The time, in seconds of the monotonic clock."""

    def left(self) -> float:
        """Return the seconds that one wait may last. Raises TimeoutError if the time is over."""
        left = self.ends_at - monotonic()
        if left <= 0:
            raise TimeoutError("the mail server took too long")
        return min(left, float(settings.EMAIL_TIMEOUT))


class _TimedSocket(socket.socket):
    """A connection whose reads and writes last at most as long as its deadline leaves."""

    deadline: Deadline

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        self.settimeout(self.deadline.left())
        return super().recv_into(*arguments, **options)

    def send(self, *arguments: Any) -> int:
        self.settimeout(self.deadline.left())
        return super().send(*arguments)

    def sendall(self, *arguments: Any) -> None:
        self.settimeout(self.deadline.left())
        super().sendall(*arguments)


class _TimedTlsSocket(_TimedSocket, ssl.SSLSocket):
    """The same within TLS, including the handshake. Subclasses set the deadline: creating one begins the handshake."""

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(self.deadline.left())
        super().do_handshake(block)


class _TimedSmtp(smtplib.SMTP):
    """smtplib's session on such a connection, within TLS from the start if it gets a context for it."""

    def __init__(self, host: str, port: int, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        self._deadline, self._context = deadline, context
        super().__init__(host, port, local_hostname=urlsplit(settings.BASE_URL).hostname)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = _connected(host, port, self._deadline)
        return self._context.wrap_socket(connection, server_hostname=host) if self._context else connection


class SmtpSession:
    """A session with the server that the setting MAIL_SERVER describes. Its methods raise OSError, which includes
    smtplib's errors; after one it can't be used any more, unless it was an answer to a mail.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        host: str,
        port: int,
        username: str = "",
        password: str = "",
        use_tls: bool = False,
        use_ssl: bool = False,
    ) -> None:
        """With `use_tls` the session asks for TLS once it is connected (STARTTLS), with `use_ssl` it begins in TLS."""
        self._deadline, self._server = deadline, (host, port)
        self._sign_in = (username, password) if username else None
        self._begins_in_tls, self._goes_on_in_tls = use_ssl, use_tls
        self._talk: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect and sign in."""
        context = _tls_context(self._deadline) if self._begins_in_tls or self._goes_on_in_tls else None
        self._talk = _TimedSmtp(*self._server, self._deadline, context if self._begins_in_tls else None)
        if self._goes_on_in_tls:
            self._talk.starttls(context=context)
        if self._sign_in:
            self._talk.login(*self._sign_in)

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand a mail over."""
        assert self._talk is not None  # noqa: S101 - it was opened
        self._talk.sendmail(sender, [recipient], message)

    def close(self) -> None:
        """End the session with a QUIT, and close the connection."""
        if self._talk is not None:
            # The server has accepted or refused all mails: an error here must not change that.
            with contextlib.suppress(OSError):
                self._talk.quit()
            self.drop()

    def drop(self) -> None:
        """Close the connection without telling the server."""
        if self._talk is not None:
            self._talk.close()


def _connected(host: str, port: int, deadline: Deadline) -> _TimedSocket:
    """Return a connection to the first of the server's addresses that answers. Raises OSError."""
    problem: OSError | None = None
    for family, kind, protocol, _name, address in _addresses(host, port, deadline):
        connection = _TimedSocket(family, kind, protocol)
        connection.deadline = deadline
        try:
            connection.settimeout(deadline.left())
            connection.connect(address)
        except OSError as trouble:
            connection.close()
            problem = trouble
        else:
            return connection
    raise problem or OSError("the mail server has no address")


def _addresses(host: str, port: int, deadline: Deadline) -> list[Any]:
    """Return the server's addresses. Raises OSError.

    A look-up can't be interrupted, so it has a thread of its own, which is left behind.
    """
    found: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as problem:
            found.set_exception(problem)
        except UnicodeError:
            found.set_exception(OSError("the mail server has no possible name"))

    threading.Thread(target=look_up, name="mail server's address", daemon=True).start()
    return found.result(deadline.left())


def _tls_context(deadline: Deadline) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = type("_TlsSocket", (_TimedTlsSocket,), {"deadline": deadline})
    return context
