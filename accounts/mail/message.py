"""Serializes a mail of the outbox into the bytes that are sent.

The output is the same as that of Django's EmailMessage, whose serialization takes longer than sending the mail.
"""

from __future__ import annotations

import quopri
import re
from email.policy import compat32
from email.utils import format_datetime

from django.conf import settings
from django.core.mail.message import forbid_multi_line_headers

from accounts.models import OutgoingMail

HEADER_LENGTH = 78
"""Recommended maximum number of characters in a header line (RFC 5322, 2.1.1)."""
LINE_LENGTH = 998
"""Maximum number of bytes in a line of text (RFC 5322, 2.1.1)."""

LINE_END = re.compile(rb"\r\n|\r|\n")

_POLICY = compat32.clone(linesep="\r\n")


def message_bytes(mail: OutgoingMail) -> bytes:
    """Return the message (RFC 5322), the same each time it is sent. Raises ValueError for a line break in a header."""
    headers = {
        "Subject": mail.subject,
        "From": settings.DEFAULT_FROM_EMAIL,
        "To": mail.recipient,
        **mail.headers,
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
    }
    head = b"".join(_header(name, value) for name, value in headers.items())
    kind, body = _body(mail)
    return b"%b%b\r\n%b" % (kind, head, body)


def _body(mail: OutgoingMail) -> tuple[bytes, bytes]:
    """Return the headers that describe the body, and the body: the text, with the HTML version if there is one."""
    text = _part("plain", mail.text)
    if not mail.html:
        return text
    boundary = f"=_{mail.uuid.hex}".encode()
    kind = b'Content-Type: multipart/alternative;\r\n boundary="%b"\r\nMIME-Version: 1.0\r\n' % boundary
    parts = [b"--%b\r\n%b\r\n%b\r\n" % (boundary, *part) for part in (text, _part("html", mail.html))]
    return kind, b"%b--%b--\r\n" % (b"".join(parts), boundary)


def _header(name: str, value: str) -> bytes:
    """Return a header line. A header that needs no change skips encoding and folding, which are slow."""
    line = f"{name}: {value}"
    if len(line) <= HEADER_LENGTH and line.isascii() and line.isprintable():
        return f"{line}\r\n".encode()
    return _POLICY.fold_binary(*forbid_multi_line_headers(name, value, "utf-8"))


def _part(subtype: str, text: str) -> tuple[bytes, bytes]:
    """Return the headers that describe a text, and the encoded text."""
    lines = LINE_END.split(text.encode())
    encoding = "7bit" if text.isascii() else "8bit"
    if any(len(line) > LINE_LENGTH for line in lines):
        encoding, lines = "quoted-printable", quopri.encodestring(b"\n".join(lines)).split(b"\n")
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
    return f"{kind}Content-Transfer-Encoding: {encoding}\r\n".encode(), b"\r\n".join(lines)
