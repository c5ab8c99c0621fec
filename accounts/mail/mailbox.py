"""Reading one's own mails in the browser, on an instance without a mail server.

Some mails are keys: links to set a password, to sign in, to confirm an address, to join. A session must not give access
to them, or a borrowed session would amount to owning the account. So only mails without a key are shown, selected by
purpose; the operator finds the others in the data folder, or sets a password with `manage.py reset_password`.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from accounts.mail.outbox import NOTICE
from accounts.models import OutgoingMail, User

WITHOUT_KEY = frozenset({"letter", NOTICE})
"""Purposes of the mails that are shown. The links in a letter act on suggestions and can't open an account."""


def is_open() -> bool:
    """Return whether mails can be read here. With a mail server they can't, so that no session opens a mailbox."""
    return settings.MAIL_SERVER is None


def mails_of(member: User) -> QuerySet[OutgoingMail]:
    """Return the member's own mails, newest first, except those that are keys and those that have been emptied."""
    own = member.outgoing_mails.filter(purpose__in=WITHOUT_KEY)
    return own.exclude(recipient="").order_by("-created_at", "-pk")
