"""Handing mails over to the mail server, or to a folder if no server is configured."""

from __future__ import annotations

import os
import smtplib
import uuid
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Self

from django.conf import settings
from django.core.mail.message import sanitize_address

from accounts.mail.message import message_bytes
from accounts.mail.smtp import Deadline, SmtpSession
from accounts.models import OutgoingMail

ATTEMPT_SECONDS = 14.0
"""Seconds after which an attempt ends, so that it is over within 15."""
LEAVING_SECONDS = 3.0
"""Maximum seconds for ending the session with the server (QUIT)."""
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
        self._deadline = Deadline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.hang_up()

    @property
    def is_proven(self) -> bool:
        """Whether the connection has already carried a mail: if it then breaks, a new one may well work."""
        return self._handed_over > 0

    def deliver(self, mail: OutgoingMail) -> None:
        """Deliver `mail` with its stored Message-ID, and return once the server has accepted it.

        The whole attempt ends after `ATTEMPT_SECONDS`, even if the server keeps sending single bytes. Raises
        RefusedError for a permanent failure, DeferredError for a temporary one, OSError (which includes smtplib's
        errors) if the communication with the server fails, and ValueError for a line break in a header.
        """
        message, ends_at = message_bytes(mail), monotonic() + ATTEMPT_SECONDS
        if self._handed_over >= MAILS_PER_CONNECTION:
            self.hang_up()
        self._deadline.ends_at = ends_at
        if not self._is_taken(mail, message):
            self._abandon()
            self._is_taken(mail, message)
        self._handed_over += 1

    def hang_up(self) -> None:
        """Close the connection if there is one; the next mail opens a new one."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if connection is not None:
            self._deadline.ends_at = monotonic() + LEAVING_SECONDS
            connection.close()

    def _is_taken(self, mail: OutgoingMail, message: bytes) -> bool:
        """Hand the mail over. Returns False if the server ends a session that has worked; raises as `deliver` does."""
        try:
            self._open().hand_over(mail, message)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as answer:
            code, words = _code_and_words(answer)
            if code == SERVICE_CLOSES and self.is_proven:
                return False
            raise (RefusedError if 500 <= code < 600 else DeferredError)(f"{code} {words}") from answer
        except OSError:
            self._abandon()
            raise
        return True

    def _open(self) -> SmtpBackend | FolderBackend:
        if self._connection is None:
            self._connection = _connection(self._deadline)
            self._connection.open()
        return self._connection

    def _abandon(self) -> None:
        """Drop a failed connection without waiting for the server."""
        connection, self._connection, self._handed_over = self._connection, None, 0
        if connection is not None:
            connection.drop()


class SmtpBackend(SmtpSession):
    """Hands mails over to the mail server."""

    def hand_over(self, mail: OutgoingMail, message: bytes) -> None:
        """Send the mail. Raises OSError, which includes smtplib's errors."""
        self.send(self._sender, sanitize_address(mail.recipient, "utf-8"), message)

    @cached_property
    def _sender(self) -> str:
        return sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")


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
        try:
            with path.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())  # Before the outbox marks it as sent.
        except OSError:
            path.unlink(missing_ok=True)  # Don't leave half a mail behind.
            raise

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def drop(self) -> None:
        """Do nothing: there is no connection."""


def _connection(deadline: Deadline) -> SmtpBackend | FolderBackend:
    return SmtpBackend(deadline, **settings.MAIL_SERVER) if settings.MAIL_SERVER else FolderBackend()


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
