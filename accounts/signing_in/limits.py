"""The limits on signing in, and the subjects by which they count.

| limited | counts by |
|---|---|
| password at the sign-in | account and client, or only the device if the member has signed in on it before |
| second factor | account and method of the first factor, or the device |
| password or code asked for again | session |
| mails that anyone may ask for | recipient, or the device if the recipient has signed in on it before; client |
| invitations | the inviting operator, recipient |
| every other sign-in form | client, or the member who is signed in |

No two ways to sign in share a limit: using up the tries of a password affects neither the mailed link, nor the passkey,
nor a known device.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from accounts.models import User
from accounts.signing_in.attempts import Limit, Try
from accounts.signing_in.client_address import client_network
from accounts.signing_in.devices import remembered_device

BY_LINK = "mail"
"""Name of the mailed link among the methods that allauth stores in the session."""

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)

PASSWORD_OF_ACCOUNT = Limit("password-account", 10, QUARTER)
PASSWORD_ON_DEVICE = Limit("password-device", 10, QUARTER)
PASSWORD_FROM_CLIENT = Limit("password-client", 10, timedelta(minutes=1))
CODE_OF_ACCOUNT = Limit("code-account", 10, QUARTER)
CODE_ON_DEVICE = Limit("code-device", 10, QUARTER)
CODE_USED = Limit("code-used", 1, timedelta(minutes=2))
"""Accepts a code of an authenticator app once. With a tolerance of one period on each side, it is valid for 90 s."""
CONFIRMATION = Limit("confirmation", 10, QUARTER)
MAILS_TO_ADDRESS = Limit("mails-address", 3, timedelta(minutes=30))
"""Per purpose. A sign-in link is valid just as long: if no tries are left, there is a valid link in the mailbox."""
MAILS_FOR_CLIENT = Limit("mails-client", 20, timedelta(hours=1))
MAILS_TO_ADDRESS_IN_A_DAY = Limit("mails-address-day", 10, DAY)
"""Per purpose. Since strangers may use it up, devices on which the member has signed in before have their own tries."""
MAILS_ON_DEVICE_IN_A_DAY = Limit("mails-device-day", 10, DAY)
MAILS_FOR_CLIENT_IN_A_DAY = Limit("mails-client-day", 100, DAY)
INVITATIONS_OF_OPERATOR = Limit("invitations-operator-day", 50, DAY)
INVITATIONS_TO_ADDRESS = Limit("invitations-address-day", 5, DAY)
FORM = Limit("form", 20, timedelta(minutes=1))
CHANGES_OF_ADDRESS = Limit("change-address", 10, timedelta(hours=1))

FORMS = {
    "account_confirm_email": FORM,
    "account_email": CHANGES_OF_ADDRESS,
    "account_reset_password": FORM,
    "account_reset_password_from_key": FORM,
    "account_signup": FORM,
    "accounts:join": FORM,
    "accounts:request-sign-in-link": FORM,
    "accounts:sign-in-by-link": FORM,
    "mfa_authenticate": FORM,
    "mfa_login_webauthn": FORM,
}
"""View names whose POST requests accounts/middleware.py limits, each view separately."""


def account_key(address: str) -> str:
    """Return an address in the form that sign-in looks up, so that all spellings share their tries."""
    return address.strip().lower()


def password_tries(request: HttpRequest, address: str) -> list[Try]:
    """Return the limits for signing in with `address` and a password."""
    device = remembered_device(request, address)
    if device:
        return [(PASSWORD_ON_DEVICE, device)]
    return [(PASSWORD_OF_ACCOUNT, account_key(address)), (PASSWORD_FROM_CLIENT, client_network(request))]


def code_tries(request: HttpRequest, member: User, first_factor: str) -> list[Try]:
    """Return the limits for a code of `member`, after `first_factor` (allauth's name of the method)."""
    device = remembered_device(request, member.email)
    if device:
        return [(CODE_ON_DEVICE, device)]
    return [(CODE_OF_ACCOUNT, f"{member.pk} {first_factor}")]


def confirmation_tries(request: HttpRequest) -> list[Try]:
    """Return the limits for a password or code that a signed-in member is asked for again.

    They count by session: guessing at the login doesn't affect a member's session, and the thief of a session can't
    start a new one.
    """
    return [(CONFIRMATION, str(request.session.session_key))]


def mail_tries(request: HttpRequest, purpose: str, address: str) -> list[Try]:
    """Return the limits for asking for a mail of the kind `purpose` to `address`, in a short window and in a day."""
    device, to_address = remembered_device(request, address), f"{purpose} {account_key(address)}"
    return [
        (MAILS_TO_ADDRESS, to_address),
        (MAILS_FOR_CLIENT, client_network(request)),
        (MAILS_ON_DEVICE_IN_A_DAY, f"{purpose} {device}") if device else (MAILS_TO_ADDRESS_IN_A_DAY, to_address),
        (MAILS_FOR_CLIENT_IN_A_DAY, client_network(request)),
    ]


def invitation_tries(operator: User, address: str) -> list[Try]:
    """Return the limits for mailing an invitation to `address`."""
    return [(INVITATIONS_OF_OPERATOR, str(operator.pk)), (INVITATIONS_TO_ADDRESS, account_key(address))]


def form_tries(request: HttpRequest, view_name: str) -> list[Try]:
    """Return the limits for a POST to the view `view_name`; none if it isn't listed."""
    limit = FORMS.get(view_name)
    if limit is None:
        return []
    who = f"member {request.user.pk}" if request.user.is_authenticated else client_network(request)
    return [(limit, f"{view_name} {who}")]
