"""Signing in by a mailed link, for members who can't or may not use their password at the moment.

A link is a row with the hash of its secret. It works once, for half an hour, and only until the password changes. It
works in any browser, and a new one leaves earlier ones valid: a stranger who asks for links to somebody else's address
only fills that mailbox, up to a limit, with valid links. (allauth's sign-in by code binds the code to the browser that
asked for it, so a stranger who uses up the limit would lock the owner out.)
"""

from __future__ import annotations

import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.mail.outbox import SIGN_IN, queue_mail
from accounts.models import SignInLink, User
from accounts.signing_in.limits import MAILS_TO_ADDRESS

LASTS = MAILS_TO_ADDRESS.window
"""Validity of a link."""


@transaction.atomic
def mail_sign_in_link(address: str) -> None:
    """Mail `address` a link to sign in, or that no member has this address. Both take the same amount of work."""
    address = address.strip().lower()
    member = User.objects.filter(email=address, is_active=True).first()
    expires_at = timezone.now() + LASTS
    token = secrets.token_urlsafe(32)
    if member is not None:
        SignInLink.objects.create(
            member=member,
            token_hash=_hash(token),
            password_version=member.get_session_auth_hash(),
            expires_at=expires_at,
        )
    link = f"{settings.BASE_URL}{reverse('accounts:sign-in-by-link', args=[token])}" if member else ""
    with translation.override(member.language if member else translation.get_language()):
        context = {"link": link, "address": address, "base_url": settings.BASE_URL}
        queue_mail(
            purpose=SIGN_IN,
            dedup_key=f"{SIGN_IN}:link:{uuid.uuid4()}",
            recipient=address,
            subject=_("Your link to sign in"),
            text=render_to_string("accounts/email/sign_in_link.txt", context),
            member=member,
            expires_at=expires_at,
        )


def find_sign_in_link(token: str) -> SignInLink:
    """Return the link that `token` belongs to. Raises SignInLink.DoesNotExist if it is used, expired or void."""
    links = SignInLink.objects.select_related("member").filter(member__is_active=True)
    link = links.get(token_hash=_hash(token), expires_at__gt=timezone.now())
    if not constant_time_compare(link.password_version, link.member.get_session_auth_hash()):
        raise SignInLink.DoesNotExist
    return link


@transaction.atomic
def use_sign_in_link(token: str) -> User:
    """Use up the link and return its member. Raises SignInLink.DoesNotExist if it is used, expired or void."""
    link = find_sign_in_link(token)
    used, _rows = SignInLink.objects.filter(pk=link.pk).delete()
    if not used:
        raise SignInLink.DoesNotExist
    return link.member


def forget_old_sign_in_links() -> None:
    """Delete the links that have expired."""
    SignInLink.objects.filter(expires_at__lte=timezone.now()).delete()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
