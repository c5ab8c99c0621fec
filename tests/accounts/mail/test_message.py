"""A mail as bytes: identical to the output of Django's EmailMessage, and readable by a mail program."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default as modern
from email.utils import format_datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.mail.message import message_bytes
from accounts.models import OutgoingMail

UNSUBSCRIBE = {"List-Unsubscribe": f"<https://example.org/letter/unsubscribe/{'x' * 90}/>", "Auto-Submitted": "no"}

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60), max_size=8)
TEXTS = LINES.map("\n".join)
SUBJECTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), max_size=120)


def a_mail(**fields: object) -> OutgoingMail:
    about = {"recipient": "alice@example.org", "subject": "Hello", "text": "Hello\n", "message_id": "<1@example.org>"}
    return OutgoingMail(created_at=datetime(2026, 5, 4, 5, tzinfo=UTC), **{**about, **fields})


def bytes_by_django(mail: OutgoingMail) -> bytes:
    headers = {**mail.headers, "Message-ID": mail.message_id, "Date": format_datetime(mail.created_at)}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.recipient], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    built = message.message()
    if built.is_multipart():
        built.set_boundary(f"=_{mail.uuid.hex}")
    return built.as_bytes(linesep="\r\n")


@pytest.mark.parametrize("html", ["", "<p>Hello</p>", "<p>Grüße</p>\n"])
@pytest.mark.parametrize("text", ["Hello\n", "Hello\r\nagain", "Schöne Grüße\n\n"])
@pytest.mark.parametrize("subject", ["Hello", "Jana and Markus ought to meet, " * 4, "Schöne Grüße 🙂"])
def test_message_is_as_django_writes_it(subject: str, text: str, html: str) -> None:
    mail = a_mail(subject=subject, text=text, html=html, headers=UNSUBSCRIBE)
    assert message_bytes(mail) == bytes_by_django(mail)


@given(subject=SUBJECTS, text=TEXTS, html=TEXTS)
@example(subject="a" * 500, text="ü" * 1000, html="<p>" + "x" * 2000)
@example(subject="", text=".\n..\nFrom here", html="")
def test_message_is_read_as_it_was_meant(subject: str, text: str, html: str) -> None:
    mail = a_mail(subject=subject, text=text, html=html)
    written = message_bytes(mail)
    read = message_from_bytes(written, policy=modern)
    bodies = [
        part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in read.walk() if not part.is_multipart()
    ]
    assert bodies == ([text, html] if html else [text])
    assert str(read["Subject"]).split() == subject.split()
    assert max(map(len, written.split(b"\r\n"))) <= 998
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_message_to_and_from_names_and_domains_beyond_ascii(settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "Grüße <post@example.org>"
    read = message_from_bytes(message_bytes(a_mail(recipient="alice@grüße.example")), policy=modern)
    assert (str(read["From"]), str(read["To"])) == ("Grüße <post@example.org>", "alice@xn--grsse-lva.example")


@pytest.mark.parametrize("fields", [{"subject": "Hello\nBcc: bob@example.org"}, {"headers": {"X-Name": "a\r\nBcc: b"}}])
def test_message_with_a_line_break_in_a_header_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="newlines"):
        message_bytes(a_mail(**fields))
