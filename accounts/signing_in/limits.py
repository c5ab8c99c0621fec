"""What is limited, how often it may be tried, and what each limit counts by.

| what | counts by |
|---|---|
| password at the sign-in | account and client, or the device alone where the member has signed in before |
| second factor | account and how its first factor was shown, or the device |
| password or code asked for again | session |
| mails that anybody may ask for | addressee, client |
| every other form of the sign-in | client, or the member who is signed in |

No limit of one way in is shared with another one: whoever uses up the tries of a password leaves the mailed link, the
passkey, and the device that is known.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from accounts.models import User
from accounts.signing_in.attempts import Limit, Try
from accounts.signing_in.client_address import client_network
from accounts.signing_in.devices import remembered_device

BY_LINK = "mail"
"""The name of the mailed link among the methods that allauth notes in the session."""

QUARTER = timedelta(minutes=15)

PASSWORD_OF_ACCOUNT = Limit("password-account", 10, QUARTER)
PASSWORD_ON_DEVICE = Limit("password-device", 10, QUARTER)
PASSWORD_FROM_CLIENT = Limit("password-client", 10, timedelta(minutes=1))
CODE_OF_ACCOUNT = Limit("code-account", 10, QUARTER)
CODE_ON_DEVICE = Limit("code-device", 10, QUARTER)
CODE_USED = Limit("code-used", 1, timedelta(minutes=2))
"""A code of an authenticator app counts once. With the tolerance of one period to each side it is good for 90 s."""
CONFIRMATION = Limit("confirmation", 10, QUARTER)
MAILS_TO_ADDRESS = Limit("mails-address", 3, timedelta(minutes=30))
"""Per purpose. A sign-in link lasts as long: whoever finds the limit used up has a link in the mailbox."""
MAILS_FOR_CLIENT = Limit("mails-client", 20, timedelta(hours=1))
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
"""Addresses whose POSTs accounts/middleware.py counts, each on its own."""


def account_key(address: str) -> str:
    """An address as sign-in looks it up, so that no way of writing it has tries of its own."""
    return address.strip().lower()


def password_tries(request: HttpRequest, address: str) -> list[Try]:
    """What a try to sign in with `address` and a password counts against."""
    device = remembered_device(request, address)
    if device:
        return [(PASSWORD_ON_DEVICE, device)]
    return [(PASSWORD_OF_ACCOUNT, account_key(address)), (PASSWORD_FROM_CLIENT, client_network(request))]


def code_tries(request: HttpRequest, member: User, first_factor: str) -> list[Try]:
    """What a code of `member` counts against, after `first_factor` (allauth's name of the method)."""
    device = remembered_device(request, member.email)
    if device:
        return [(CODE_ON_DEVICE, device)]
    return [(CODE_OF_ACCOUNT, f"{member.pk} {first_factor}")]


def confirmation_tries(request: HttpRequest) -> list[Try]:
    """What a password or code that a signed-in member is asked for once more counts against.

    It counts by session: who guesses at the login leaves the member's session alone, and who has got hold of a session
    can't start another one.
    """
    return [(CONFIRMATION, str(request.session.session_key))]


def mail_tries(request: HttpRequest, purpose: str, address: str) -> list[Try]:
    """What asking for a mail to `address` counts against."""
    return [(MAILS_TO_ADDRESS, f"{purpose} {account_key(address)}"), (MAILS_FOR_CLIENT, client_network(request))]


def form_tries(request: HttpRequest, view_name: str) -> list[Try]:
    """What a POST to the address named `view_name` counts against: nothing if it is not listed."""
    limit = FORMS.get(view_name)
    if limit is None:
        return []
    who = f"member {request.user.pk}" if request.user.is_authenticated else client_network(request)
    return [(limit, f"{view_name} {who}")]
