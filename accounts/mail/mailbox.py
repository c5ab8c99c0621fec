"""Reading one's own mails in the browser, on an instance that has no mail server.

Some mails are keys: links to set a password, to sign in, to confirm an address, to join. Whoever holds a session must
not get them from it, or a borrowed session would be the account. So only mails without a key are shown, by a list of
their purposes; the operator finds the others in the data folder, or sets a password by `manage.py reset_password`.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from accounts.mail.outbox import NOTICE
from accounts.models import OutgoingMail, User

WITHOUT_KEY = frozenset({"letter", NOTICE})
"""Purposes of the mails that are shown. The links of a letter act upon suggestions and open no account."""


def is_open() -> bool:
    """Returns whether mails can be read here. With a mail server they can't: a session must not open the mailbox."""
    return settings.MAIL_SERVER is None


def mails_of(member: User) -> QuerySet[OutgoingMail]:
    """Returns the member's own mails, except those that are keys, newest first, while their text is kept."""
    own = member.outgoing_mails.filter(purpose__in=WITHOUT_KEY)
    return own.exclude(recipient="").order_by("-created_at", "-pk")
