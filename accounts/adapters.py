"""Adapts allauth: who may sign up and how often, the addresses and language of its mails, and its error messages.

allauth's own limits are switched off: they live in a cache from which a flood evicts them, and their keys contain the
Host header. The limits in accounts/signing_in/limits.py replace them.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.events import note_failure
from accounts.mail.outbox import NOTICE
from accounts.models import User
from accounts.signing_in.attempts import given_back, take
from accounts.signing_in.client_address import client_address
from accounts.signing_in.devices import remember_device
from accounts.signing_in.limits import (
    PASSWORD_OF_ACCOUNT,
    account_key,
    confirmation_tries,
    mail_tries,
    password_tries,
)
from accounts.signing_in.sessions import forget_ended_sessions

UNKNOWN_ADDRESS = str(ipaddress.IPv4Address(0))
"""Placeholder for the client's IP address if a request comes over a Unix socket."""

NOTICES = frozenset(
    {
        "account/email/email_changed",
        "account/email/email_deleted",
        "account/email/password_changed",
        "account/email/password_reset",
        "account/email/password_set",
        "mfa/email/recovery_codes_generated",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
    }
)
"""Templates of allauth's mails that only report a change; members can read them even without a mail server."""


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Adapts signing in, signing up, and the mails about both."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("Address and password do not match."),
        "email_taken": _("This address can't be used."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "invalid_password_reset": _("This link has been used or has expired."),
        "too_many_login_attempts": _("Too many attempts. Please wait a quarter of an hour."),
        "rate_limited": _("Too many attempts. Please wait a little."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether strangers may sign up; invited people use their own link."""
        return bool(settings.NETCRM_OPEN_SIGN_UP)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check address and password, and count only failures. Returns the member or None.

        Raises ValidationError after too many tries.
        """
        tries = password_tries(request, credentials["email"])
        if not take(*tries):
            note_failure("sign-in refused", counter=PASSWORD_OF_ACCOUNT.bucket(account_key(credentials["email"])))
            raise self.validation_error("too_many_login_attempts")
        with given_back(*tries) as wrong:
            member: User | None = super().authenticate(request, **credentials)
            if member is None:
                wrong()
        return member

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether `password` is the signed-in member's. Tries count per session, so nobody else can use them up.

        Raises ValidationError after too many tries.
        """
        tries = confirmation_tries(current.request)
        if not take(*tries):
            note_failure("password refused", user)
            raise self.validation_error("too_many_login_attempts")
        with given_back(*tries) as wrong:
            is_right = user.check_password(password)
            if not is_right:
                wrong()
                note_failure("password wrong", user)
        return is_right

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember the device, now that every factor has been checked, and forget sessions that have ended."""
        forget_ended_sessions(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: EmailAddress, signup: bool) -> bool:
        """Return whether to mail a confirmation link: always at sign-up, which has its own limit, else if allowed."""
        return signup or take(*mail_tries(request, "confirm", email_address.email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address to store with a session and show in mails; never empty, since a session needs one."""
        return client_address(request) or UNKNOWN_ADDRESS

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail in the member's language, or for strangers in the language that their browser asks for."""
        member = context.get("user")
        language = member.language if isinstance(member, User) else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, {**context, "base_url": settings.BASE_URL})

    def render_mail(self, template_prefix: str, *arguments: Any, **options: Any) -> EmailMessage:
        """Return the mail. Notices are marked as such, because the mailbox shows no other mails about an account."""
        message: EmailMessage = super().render_mail(template_prefix, *arguments, **options)
        if template_prefix in NOTICES:
            message.purpose = NOTICE  # type: ignore[attr-defined]  # Read by OutboxBackend.
        return message

    # Links in mails use the instance's own address, never the Host header of the request that caused the mail.

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the absolute URL for setting a new password. `key` is the member's id and a token, joined by "-"."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the absolute URL for confirming an address."""
        return f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor: authenticator apps and security keys."""

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - allauth's name
        """Return the name of a new key until its owner renames it."""
        return gettext("My key")

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("The address can't change while a second factor is on. Switch it off first."),
        "incorrect_code": _("This code is not right."),
        "unverified_email": _("Please confirm your e-mail address first."),
    }
