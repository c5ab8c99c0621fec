"""Reading one's own mails in the browser, on an instance that has no mail server."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import OutgoingMail, User


def is_open() -> bool:
    """Returns whether mails can be read here. With a mail server they can't: a session must not open the mailbox."""
    return settings.MAIL_SERVER is None


def mails_of(member: User) -> QuerySet[OutgoingMail]:
    """Returns the member's own mails and the invitations they sent, newest first, while their text is kept."""
    return member.outgoing_mails.exclude(recipient="").order_by("-created_at", "-pk")
