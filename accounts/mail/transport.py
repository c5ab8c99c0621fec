"""Handing mails over to the mail server, or to a folder if no server is configured."""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import Any, Self

from django.conf import settings
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

from accounts.mail.message import message_bytes
from accounts.models import OutgoingMail

ATTEMPT_SECONDS = 15.0
"""Seconds after which an attempt is cut off."""
MAILS_PER_CONNECTION = 50
"""Mails per connection; many servers hang up after a hundred."""
SERVICE_CLOSES = 421
"""SMTP reply by which a server ends a session without accepting anything more (RFC 5321, 4.2.3)."""


class RefusedError(Exception):
    """The mail server will never accept this mail; trying again is useless."""


class DeferredError(Exception):
    """The mail server works, but doesn't accept this mail now."""


class Transport:
    """Delivers mails one after another over one connection. A context manager that hangs up at the end."""

    def __init__(self) -> None:
        self._connection: SmtpBackend | FolderBackend | None = None
        self._handed_over = 0
        self._watchdog = _Watchdog()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.hang_up()
        self._watchdog.stop()

    @property
    def is_proven(self) -> bool:
        """Whether the connection has already carried a mail: if it then breaks, a new one may well work."""
        return self._handed_over > 0

    def deliver(self, mail: OutgoingMail) -> None:
        """Deliver `mail` with its stored Message-ID, and return once the server has accepted it.

        The whole attempt is cut off after `ATTEMPT_SECONDS`, even if the server keeps sending single bytes. Raises
        RefusedError for a permanent failure, DeferredError for a temporary one, OSError (which includes smtplib's
        errors) if the communication with the server fails, and ValueError for a line break in a header.
        """
        message = message_bytes(mail)
        if self._handed_over >= MAILS_PER_CONNECTION:
            self.hang_up()
        with self._deadline():
            try:
                self._open().hand_over(mail, message)
            except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as answer:
                code, words = _code_and_words(answer)
                if code == SERVICE_CLOSES and self.is_proven:
                    self.hang_up()
                    return self.deliver(mail)
                raise (RefusedError if 500 <= code < 600 else DeferredError)(f"{code} {words}") from answer
            except OSError:
                self._abandon()
                raise
        self._handed_over += 1
        return None

    def hang_up(self) -> None:
        """Close the connection if there is one; the next mail opens a new one."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if connection is not None:
            # The server has already accepted or refused the mail: an error here must not change that.
            with contextlib.suppress(OSError), self._deadline(connection):
                connection.close()

    def _open(self) -> SmtpBackend | FolderBackend:
        if self._connection is None:
            self._connection = _connection()
            self._connection.open()
        return self._connection

    def _abandon(self) -> None:
        """Drop a failed connection without waiting for the server."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if isinstance(connection, SmtpBackend):
            connection.drop()

    def _deadline(self, leaving: SmtpBackend | FolderBackend | None = None) -> contextlib.AbstractContextManager[None]:
        """Return a context manager that cuts the connection after `ATTEMPT_SECONDS`; timeouts only limit each reply."""

        def cut() -> None:
            connection = leaving or self._connection
            if isinstance(connection, SmtpBackend):
                connection.cut()

        return self._watchdog.watching(cut)


class _Watchdog:
    """Cuts off attempts after `ATTEMPT_SECONDS`, from one thread: a thread per mail would cost more than the mail."""

    def __init__(self) -> None:
        self._limit: tuple[float, Callable[[], None]] | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @contextlib.contextmanager
    def watching(self, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` unless the block ends within `ATTEMPT_SECONDS`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mail deadline", daemon=True)
            self._thread.start()
        self._limit = (monotonic() + ATTEMPT_SECONDS, cut)
        try:
            yield
        finally:
            self._limit = None

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        # Never sleep longer than one attempt may take, to be awake in time for the next one.
        pause = ATTEMPT_SECONDS
        while not self._stopped.wait(pause):
            pause, limit = ATTEMPT_SECONDS, self._limit
            if limit is None:
                continue
            ends_at, cut = limit
            left = ends_at - monotonic()
            if left > 0:
                pause = left
            else:
                cut()


class _Watched:
    """Passes an SMTP session to its backend before it connects, so that the backend can cut it off from then on."""

    def __init__(self, *arguments: Any, show: Callable[[Any], None], **options: Any) -> None:
        show(self)
        super().__init__(*arguments, **options)


class _WatchedSmtp(_Watched, smtplib.SMTP):
    pass


class _WatchedSmtpSsl(_Watched, smtplib.SMTP_SSL):
    pass


class SmtpBackend(smtp.EmailBackend):
    """Django's SMTP backend, which another thread can cut off."""

    _talk: smtplib.SMTP | None = None

    def hand_over(self, mail: OutgoingMail, message: bytes) -> None:
        """Send the mail. Raises OSError, which includes smtplib's errors."""
        assert self.connection is not None  # noqa: S101 - it was opened
        self.connection.sendmail(self._sender, [sanitize_address(mail.recipient, "utf-8")], message)

    @cached_property
    def _sender(self) -> str:
        return sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")

    @property
    def connection_class(self) -> Any:
        """The callable with which Django connects."""
        return partial(_WatchedSmtpSsl if self.use_ssl else _WatchedSmtp, show=self._watch)

    def cut(self) -> None:
        """Make any call that waits for the server fail at once."""
        talk_socket = getattr(self._talk, "sock", None)
        if talk_socket is not None:
            with contextlib.suppress(OSError):
                talk_socket.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close the connection without telling the server."""
        if self._talk is not None:
            self._talk.close()

    def _watch(self, talk: smtplib.SMTP) -> None:
        self._talk = talk


def path_of_copy(mail_uuid: uuid.UUID) -> Path:
    """Return the path of a mail's file in the data folder, the same for each delivery of the mail."""
    return Path(settings.DATA_DIR) / "mail" / f"{mail_uuid}.eml"


def discard_copy(mail_uuid: uuid.UUID) -> None:
    """Delete the mail's file if there is one. Raises OSError if the folder can't be written."""
    path_of_copy(mail_uuid).unlink(missing_ok=True)


class FolderBackend:
    """Writes each mail to a file in the data folder, for an instance without a mail server."""

    def open(self) -> None:
        """Do nothing: there is no connection."""

    def hand_over(self, mail: OutgoingMail, message: bytes) -> None:
        """Write the mail to disk and sync it. Raises OSError if the folder can't be written."""
        path = path_of_copy(mail.uuid)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())  # Before the outbox marks it as sent.

    def close(self) -> None:
        """Do nothing: there is no connection."""


def _connection() -> SmtpBackend | FolderBackend:
    if settings.MAIL_SERVER is None:
        return FolderBackend()
    return SmtpBackend(**settings.MAIL_SERVER, timeout=settings.EMAIL_TIMEOUT)


def _code_and_words(
    answer: smtplib.SMTPSenderRefused | smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError,
) -> tuple[int, str]:
    code: int
    words: bytes | str
    if isinstance(answer, smtplib.SMTPRecipientsRefused):
        ((code, words),) = answer.recipients.values()
    else:
        code, words = answer.smtp_code, answer.smtp_error
    return code, words.decode(errors="replace") if isinstance(words, bytes) else words
