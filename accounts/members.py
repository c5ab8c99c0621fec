"""Creating members with a verified address, erasing them permanently, and their sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.events import note
from accounts.mail.outbox import discard_mails
from accounts.models import Invitation, OutgoingMail, User
from accounts.remains import wipe_after_commit
from accounts.signing_in.limits import PASSWORD_OF_ACCOUNT, account_key


@transaction.atomic
def create_member(email: str, password: str | None, *, operator: bool = False, **fields: str) -> User:
    """Create and return a member with a verified address. Without a password, they can't sign in until one is set.

    `fields` are name, language and time_zone. Raises ValidationError for invalid fields or an address that is taken.
    """
    create = User.objects.create_superuser if operator else User.objects.create_user
    member = create(email, password, **fields)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    Invitation.objects.filter(email="").delete()  # The set-up link is only for the first member.
    note("member made", member, operator=int(operator))
    return member


@transaction.atomic
def set_password(member: User, password: str) -> None:
    """Set the member's password. This ends all sessions, remembered devices and links based on the old one."""
    member.set_password(password)
    member.save(update_fields=["password"])
    allow_password_again(member)
    note("password changed", member, by="operator")


def allow_password_again(member: User) -> None:
    """Reset the count of failed sign-ins with the member's password."""
    PASSWORD_OF_ACCOUNT.clear(account_key(member.email))


def password_link(member: User) -> str:
    """Return a link to set the member's password, valid once and for three days (Django's PASSWORD_RESET_TIMEOUT)."""
    note("password link made", member)
    key = EmailAwarePasswordResetTokenGenerator().make_token(member)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(member), "key": key})
    return f"{settings.BASE_URL}{path}"


@transaction.atomic
def erase_member(member: User) -> None:
    """Permanently erase the member and everything they own: network, mails and their files, invitations, sessions."""
    addresses = [member.email, *EmailAddress.objects.filter(user=member).values_list("email", flat=True)]
    discard_mails(OutgoingMail.objects.filter(member=member))
    discard_mails(OutgoingMail.objects.filter(recipient__in=addresses))
    Invitation.objects.filter(email__in=addresses).delete()
    sessions_of(member).delete()
    note("member erased", member)
    member.delete()
    wipe_after_commit()


def sessions_of(member: User) -> QuerySet[Session]:
    """Return the sessions in which the member is signed in, including the few that UserSession doesn't list."""
    listed = UserSession.objects.values("session_key")
    keys = set(UserSession.objects.filter(user=member).values_list("session_key", flat=True))
    for session in Session.objects.exclude(session_key__in=listed):
        if session.get_decoded().get(SESSION_KEY) == str(member.pk):
            keys.add(session.session_key)
    return Session.objects.filter(session_key__in=keys)


def forget_in_sessions(member: User, is_to_go: Callable[[Any], bool]) -> None:
    """Remove the values and list items for which `is_to_go` returns True from the member's sessions."""
    for session in sessions_of(member):
        before = session.get_decoded()
        after = dict(_kept(before, is_to_go))
        if after != before:
            session.session_data = SessionStore().encode(after)
            session.save(update_fields=["session_data"])


def _kept(data: dict[str, Any], is_to_go: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, list):
            yield name, [each for each in value if not is_to_go(each)]
        elif not is_to_go(value):
            yield name, value


def clear_sessions(now: datetime | None = None) -> None:
    """Delete the sessions that have expired at `now` (default: the current time), and their entries in UserSession."""
    Session.objects.filter(expire_date__lte=now or timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
