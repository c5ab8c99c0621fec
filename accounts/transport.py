"""Handing one mail over: to the mail server, or to a folder where no server is set."""

from __future__ import annotations

import contextlib
import smtplib
import uuid
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from accounts.models import OutgoingMail


class RefusedError(Exception):
    """The mail server will never take this mail; trying again is of no use."""


class DeferredError(Exception):
    """The mail server works, but does not take this mail now."""


def deliver(mail: OutgoingMail) -> None:
    """Hand `mail` over under its stored Message-ID; return once it was taken.

    Each answer of the server is waited for `EMAIL_TIMEOUT` seconds. Raises RefusedError for a final no, DeferredError
    for a passing one, and OSError (which smtplib's errors are, too) if there was no talking to the server.
    """
    connection = _connection()
    try:
        connection.open()
        connection.send_messages([_message(mail)])
    except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as answer:
        code, words = _code_and_words(answer)
        raise (RefusedError if 500 <= code < 600 else DeferredError)(f"{code} {words}") from answer
    finally:
        # The server has already said yes or no: what goes wrong while hanging up must not turn the one into the other.
        with contextlib.suppress(OSError):
            connection.close()


def path_of_copy(mail_uuid: uuid.UUID) -> Path:
    """Where the folder transport puts a mail: one file each, the same one if it is handed over twice."""
    return Path(settings.DATA_DIR) / "mail" / f"{mail_uuid}.eml"


def discard_copy(mail_uuid: uuid.UUID) -> None:
    """Remove the mail's file, if there is one."""
    path_of_copy(mail_uuid).unlink(missing_ok=True)


class FolderBackend(BaseEmailBackend):
    """Writes each mail into the data folder, for an instance without a mail server."""

    def send_messages(self, email_messages: Any) -> int:
        """Write the messages, which carry their row's uuid. Raises OSError if the folder can't be written."""
        for message in email_messages:
            path = path_of_copy(message.row_uuid)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


def _connection() -> Any:
    transport = settings.MAIL_TRANSPORT
    return get_connection(
        transport["EMAIL_BACKEND"],
        host=transport.get("EMAIL_HOST"),
        port=transport.get("EMAIL_PORT"),
        username=transport.get("EMAIL_HOST_USER") or "",
        password=transport.get("EMAIL_HOST_PASSWORD") or "",
        use_tls=transport.get("EMAIL_USE_TLS", False),
        use_ssl=transport.get("EMAIL_USE_SSL", False),
        timeout=settings.EMAIL_TIMEOUT,
    )


def _message(mail: OutgoingMail) -> EmailMessage:
    headers = {**mail.headers, "Message-ID": mail.message_id, "Date": format_datetime(mail.created_at)}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.recipient], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.row_uuid = mail.uuid  # type: ignore[attr-defined]
    return message


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
