"""Receivers of the signals that Django and allauth send about sign-ins and credentials. Most of them log an event.

A sign-in also begins a session, and a confirmation gives the session a new key.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as of_accounts
from allauth.mfa import signals as of_second_factors
from django.contrib.auth import signals as of_sign_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.events import note, note_failure, ways_in
from accounts.models import User
from accounts.signing_in.limits import PASSWORD_OF_ACCOUNT, account_key
from accounts.signing_in.sessions import begin_session, renew_key


@receiver(of_sign_in.user_logged_in)
def begin_their_session(user: User, request: HttpRequest, **_signal: Any) -> None:
    """Begin the session of a member who has just signed in."""
    begin_session(request)


@receiver(of_sign_in.user_logged_in)
def note_sign_in(user: User, request: HttpRequest, **_signal: Any) -> None:
    """Log a sign-in that has passed all of its factors."""
    note("signed in", user, by=ways_in(user, request))


@receiver(of_accounts.authentication_step_completed)
def renew_confirmed_session(user: User, request: HttpRequest, reauthenticated: bool = False, **_signal: Any) -> None:
    """Give the session a new key once a signed-in member has confirmed their identity."""
    if reauthenticated:
        renew_key(request)


@receiver(of_sign_in.user_logged_out)
def note_sign_out(user: User | None, **_signal: Any) -> None:
    """Log a sign-out."""
    if user is not None:
        note("signed out", user)


@receiver(of_sign_in.user_login_failed)
def note_failed_sign_in(credentials: dict[str, Any], **_signal: Any) -> None:
    """Log a failed sign-in; a wrong password and an unknown address cause the same event after the same work."""
    note_failure("sign-in failed", counter=PASSWORD_OF_ACCOUNT.bucket(account_key(str(credentials.get("email", "")))))


@receiver(of_second_factors.authentication_failed)
def note_failed_second_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """Log a wrong code or key."""
    note_failure("second factor failed", user, kind=authenticator.type)


@receiver(of_second_factors.authenticator_added)
def note_new_second_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """Log a new authenticator app, security key or set of recovery codes."""
    note("second factor added", user, kind=authenticator.type)


@receiver(of_second_factors.authenticator_reset)
def note_changed_second_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """Log that recovery codes were regenerated."""
    note("second factor changed", user, kind=authenticator.type)


@receiver(of_second_factors.authenticator_removed)
def note_removed_second_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """Log that an authenticator app, security key or set of recovery codes was removed."""
    note("second factor removed", user, kind=authenticator.type)


@receiver(of_accounts.password_set)
@receiver(of_accounts.password_changed)
def note_changed_password(user: User, **_signal: Any) -> None:
    """Log that a signed-in member set or changed their password."""
    note("password changed", user, by="member")


@receiver(of_accounts.password_reset)
def note_reset_password(user: User, **_signal: Any) -> None:
    """Log a new password that was set through a link from a mail or from the operator."""
    note("password changed", user, by="link")


@receiver(of_accounts.email_added)
def note_asked_address(user: User, **_signal: Any) -> None:
    """Log that a member requested a change of address, which they still have to confirm."""
    note("address change asked for", user)


@receiver(of_accounts.email_changed)
def note_changed_address(user: User, **_signal: Any) -> None:
    """Log that a member's address changed; they sign in with the new one from now on."""
    note("address changed", user)


@receiver(of_accounts.email_confirmed)
def note_confirmed_address(email_address: Any, **_signal: Any) -> None:
    """Log that an address was confirmed by a link from a mail."""
    note("address confirmed", email_address.user)
