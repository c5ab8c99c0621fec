"""Becoming a member: the set-up link of an empty instance, and invitations to one address.

A link contains a secret, of which only the hash is stored. It can be opened any number of times; the POST that creates
the member uses it up by deleting its row in the same transaction. The set-up link is printed where others may read it,
so it works only while there is no member at all, however the first one was created.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events import note
from accounts.mail.outbox import queue_mail
from accounts.members import create_member
from accounts.models import Invitation, User
from accounts.signing_in.attempts import take
from accounts.signing_in.limits import invitation_tries

SET_UP_LASTS = timedelta(days=1)
"""Validity of a set-up link. Each start of an instance without members prints a new one."""
LASTS = timedelta(days=14)
"""Validity of an invitation."""


@transaction.atomic
def setup_link(base_url: str) -> str | None:
    """Return a new one-time link that creates the first member, the operator; None if there are members.

    `base_url` has no trailing slash. Earlier set-up links stop working.
    """
    _hold_members()
    _set_up_links().delete()
    if User.objects.exists():
        return None
    _invitation, path = _open("", None, SET_UP_LASTS)
    return f"{base_url}{path}"


@transaction.atomic
def invite(operator: User, email: str) -> str:
    """Invite `email` and mail the link to that address. Replaces an earlier invitation of the address.

    Returns the link. Raises ValidationError if the address already belongs to a member, or after too many invitations.
    """
    address = email.strip().lower()
    # Whoever invites the same address at this moment has to wait here for the counter of the address.
    if not take(*invitation_tries(operator, address)):
        raise ValidationError(_("Many invitations went out today, or several to this address. Wait until tomorrow."))
    # And here for somebody who is just accepting the earlier one, who is a member afterwards.
    Invitation.objects.filter(email=address).delete()
    if User.objects.filter(email=address).exists():
        raise ValidationError({"email": _("This address already belongs to a member.")})
    invitation, path = _open(address, operator, LASTS)
    link = f"{settings.BASE_URL}{path}"
    with translation.override(operator.language):
        context = {"operator": operator, "link": link, "invitation": invitation, "base_url": settings.BASE_URL}
        queue_mail(
            purpose="invitation",
            dedup_key=f"invitation:{invitation.uuid}",
            recipient=address,
            subject=_("Your invitation to netcrm"),
            text=render_to_string("accounts/email/invitation.txt", context),
            member=operator,
            expires_at=invitation.expires_at,
        )
    note("invitation made", operator)
    return link


def withdraw(operator: User, is_named: Callable[[str], bool]) -> None:
    """Revoke the operator's invitations to the addresses for which `is_named` returns True."""
    for invitation in Invitation.objects.filter(invited_by=operator):
        if is_named(invitation.email):
            invitation.delete()


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations that can still be accepted, newest first."""
    return Invitation.objects.filter(expires_at__gt=timezone.now()).exclude(email="").order_by("-created_at")


def find_invitation(token: str) -> Invitation:
    """Return the invitation or set-up link that `token` belongs to.

    Raises Invitation.DoesNotExist if it has been used or has expired, or if it is a set-up link and there are members.
    """
    invitation = Invitation.objects.get(token_hash=_hash(token), expires_at__gt=timezone.now())
    if invitation.is_set_up and User.objects.exists():
        raise Invitation.DoesNotExist
    return invitation


@transaction.atomic
def accept(token: str, *, email: str, password: str, **fields: str) -> User:
    """Create and return the member that `token` allows to join, and use the token up.

    An invitation uses its own address, whatever `email` says. `fields` are those of `create_member`. Raises
    Invitation.DoesNotExist if the token has been used or has expired, and ValidationError for invalid fields (the token
    then stays valid).
    """
    invitation = find_invitation(token)
    if invitation.is_set_up:
        _hold_members()
        invitation = find_invitation(token)  # Someone may have become the first member in the meantime.
    used, _rows = Invitation.objects.filter(pk=invitation.pk).delete()
    if not used:  # Another request was faster.
        raise Invitation.DoesNotExist
    address = invitation.email or email
    return create_member(address, password, operator=invitation.is_set_up, **fields)


def forget_old_invitations(now: datetime | None = None) -> None:
    """Delete the invitations and set-up links that have expired at `now` (default: the current time)."""
    Invitation.objects.filter(expires_at__lte=now or timezone.now()).delete()


def _open(email: str, operator: User | None, lasts: timedelta) -> tuple[Invitation, str]:
    forget_old_invitations()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email, invited_by=operator, token_hash=_hash(token), expires_at=timezone.now() + lasts
    )
    return invitation, reverse("accounts:join", args=[token])


def _set_up_links() -> QuerySet[Invitation]:
    return Invitation.objects.filter(email="")


def _hold_members() -> None:
    """Prevent other transactions from adding members until the current one ends.

    On SQLite the transaction has already locked the whole database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
