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
    return member


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
