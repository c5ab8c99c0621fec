"""Handing mails over: to the mail server, or to a folder where no server is set."""

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
MAILS_PER_CONNECTION = 50
"""Many servers hang up after a hundred."""
SERVICE_CLOSES = 421
"""The server's word for ending a conversation before it has taken anything more."""


class RefusedError(Exception):
    """The mail server will never take this mail; trying again is of no use."""


class DeferredError(Exception):
    """The mail server works, but does not take this mail now."""


class Transport:
    """Hands mails over, one after the other on one connection; a context manager that hangs up in the end."""

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
        """Whether the connection has carried a mail: if it then breaks, the server may well answer a new one."""
        return self._handed_over > 0

    def deliver(self, mail: OutgoingMail) -> None:
        """Hand `mail` over under its stored Message-ID; return once it was taken.

        The whole attempt is cut off after `ATTEMPT_SECONDS`, however slowly the server drips. Raises RefusedError for a
        final no, DeferredError for a passing one, and OSError (which smtplib's errors are, too) if there was no talking
        to the server.
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
        """Close the connection, if there is one; the next mail gets a new one."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if connection is not None:
            # The server has already said yes or no: what goes wrong here must not turn the one into the other.
            with contextlib.suppress(OSError), self._deadline(connection):
                connection.close()

    def _open(self) -> SmtpBackend | FolderBackend:
        if self._connection is None:
            self._connection = _connection()
            self._connection.open()
        return self._connection

    def _abandon(self) -> None:
        """Drop a connection that failed, without waiting for the server to say goodbye."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if isinstance(connection, SmtpBackend):
            connection.drop()

    def _deadline(self, leaving: SmtpBackend | FolderBackend | None = None) -> contextlib.AbstractContextManager[None]:
        """Cut the connection in `ATTEMPT_SECONDS`: each single answer has its time-out, but there may be many."""

        def cut() -> None:
            connection = leaving or self._connection
            if isinstance(connection, SmtpBackend):
                connection.cut()

        return self._watchdog.watching(cut)


class _Watchdog:
    """Cuts off what takes longer than `ATTEMPT_SECONDS`, from one thread: one a mail would cost more than the mail."""

    def __init__(self) -> None:
        self._limit: tuple[float, Callable[[], None]] | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @contextlib.contextmanager
    def watching(self, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` unless the block ends in time."""
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
        # It never sleeps longer than an attempt may take, so that it is up in time for the next one, too.
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
    """Shows an SMTP conversation to its backend before it connects, so that it can be cut off from then on."""

    def __init__(self, *arguments: Any, show: Callable[[Any], None], **options: Any) -> None:
        show(self)
        super().__init__(*arguments, **options)


class _WatchedSmtp(_Watched, smtplib.SMTP):
    pass


class _WatchedSmtpSsl(_Watched, smtplib.SMTP_SSL):
    pass


class SmtpBackend(smtp.EmailBackend):
    """Django's SMTP backend, made to be cut off by another thread."""

    _talk: smtplib.SMTP | None = None

    def hand_over(self, mail: OutgoingMail, message: bytes) -> None:
        """Send the mail. Raises OSError, which smtplib's errors are, too."""
        assert self.connection is not None  # noqa: S101 - it was opened
        self.connection.sendmail(self._sender, [sanitize_address(mail.recipient, "utf-8")], message)

    @cached_property
    def _sender(self) -> str:
        return sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")

    @property
    def connection_class(self) -> Any:
        """What Django calls to connect."""
        return partial(_WatchedSmtpSsl if self.use_ssl else _WatchedSmtp, show=self._watch)

    def cut(self) -> None:
        """Make whatever waits for the server fail at once."""
        talk_socket = getattr(self._talk, "sock", None)
        if talk_socket is not None:
            with contextlib.suppress(OSError):
                talk_socket.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close the connection without a word."""
        if self._talk is not None:
            self._talk.close()

    def _watch(self, talk: smtplib.SMTP) -> None:
        self._talk = talk


def path_of_copy(mail_uuid: uuid.UUID) -> Path:
    """Where the folder transport puts a mail: one file each, the same one if it is handed over twice."""
    return Path(settings.DATA_DIR) / "mail" / f"{mail_uuid}.eml"


def discard_copy(mail_uuid: uuid.UUID) -> None:
    """Remove the mail's file, if there is one."""
    path_of_copy(mail_uuid).unlink(missing_ok=True)


class FolderBackend:
    """Writes each mail into the data folder, for an instance without a mail server."""

    def open(self) -> None:
        """There is nothing to open."""

    def hand_over(self, mail: OutgoingMail, message: bytes) -> None:
        """Write the mail. Raises OSError if the folder can't be written."""
        path = path_of_copy(mail.uuid)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())  # Before the outbox says that it is sent.

    def close(self) -> None:
        """There is nothing to close."""


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
