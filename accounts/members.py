"""Members: made with a verified address, and erased for good; and their sessions."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.limits import PASSWORD_OF_ACCOUNT, account_key
from accounts.models import Invitation, OutgoingMail, User
from accounts.outbox import discard_mails


@transaction.atomic
def create_member(email: str, password: str | None, *, operator: bool = False, **fields: str) -> User:
    """Make a member whose address counts as verified. Without a password nobody can sign in until one is set.

    `fields` are name, language and time_zone. Raises ValidationError, also for an address that is taken.
    """
    create = User.objects.create_superuser if operator else User.objects.create_user
    member = create(email, password, **fields)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    Invitation.objects.filter(email="").delete()  # The set-up link is for the first member alone.
    return member


@transaction.atomic
def set_password(member: User, password: str) -> None:
    """Set the member's password. It ends all sessions, remembered devices and links that rest on the old one."""
    member.set_password(password)
    member.save(update_fields=["password"])
    allow_password_again(member)


def allow_password_again(member: User) -> None:
    """Forget the tries that were made with the member's earlier password."""
    PASSWORD_OF_ACCOUNT.clear(account_key(member.email))


def password_link(member: User) -> str:
    """A link to set the member's password: good once, and for three days (Django's PASSWORD_RESET_TIMEOUT)."""
    key = EmailAwarePasswordResetTokenGenerator().make_token(member)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(member), "key": key})
    return f"{settings.BASE_URL}{path}"


@transaction.atomic
def erase_member(member: User) -> None:
    """Erase the member and everything of theirs for good: network, mails and their files, invitations, sessions."""
    addresses = [member.email, *EmailAddress.objects.filter(user=member).values_list("email", flat=True)]
    discard_mails(OutgoingMail.objects.filter(member=member))
    discard_mails(OutgoingMail.objects.filter(recipient__in=addresses))
    Invitation.objects.filter(email__in=addresses).delete()
    keys = UserSession.objects.filter(user=member).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    member.delete()


def clear_sessions(now: datetime | None = None) -> None:
    """Delete the sessions that have expired at `now`, and what is known of sessions that are no more."""
    Session.objects.filter(expire_date__lte=now or timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
