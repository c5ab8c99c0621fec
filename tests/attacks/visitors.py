"""The visitors who can send requests, and the addresses that are open to each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.invitations import invite
from accounts.members import password_link
from accounts.models import OutgoingMail, User
from accounts.signing_in.links import mail_sign_in_link
from contacts.calendar.feed import open_feed
from contacts.models import Network
from favours.digest.links import Act, signed_addresses, unsubscribe_address
from tests.attacks.addresses import every_address, without_rows
from tests.conftest import make_member
from tests.isolation.addresses import doors
from tests.isolation.rows import Belongings
from tests.passwords import PASSWORD
from tests.signed_in import signed_in

PASSWORD_FORM = "/accounts/login/"


class Visitor(NamedTuple):
    """A function that returns a new browser of the visitor, and the addresses that it requests."""

    browser: Callable[[], Client]
    addresses: list[str]


def every_visitor(network: Network, belongings: Belongings) -> dict[str, Visitor]:
    """Return the visitors by name: the member, guests with and without a link, and those in between."""
    alice, anna = network.owner, _member_with_second_factors()
    return {
        "member": Visitor(lambda: signed_in(alice), every_address(belongings, network)),
        "member to confirm": Visitor(lambda: _unconfirmed(anna), doors(belongings)),
        "member with second factors": Visitor(lambda: signed_in(anna), list(without_rows())),
        "guest": Visitor(Client, [*without_rows(), *_links(network, belongings, anna)]),
        "guest with the password": Visitor(lambda: _with_password(anna), [reverse("mfa_authenticate")]),
    }


def _member_with_second_factors() -> User:
    member = make_member("anna@example.org", name="Anna")
    member.set_password(PASSWORD)
    member.save()
    EmailAddress.objects.create(user=member, email=member.email, primary=True)
    TOTP.activate(member, generate_totp_secret())
    RecoveryCodes.activate(member)
    return member


def _unconfirmed(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def _with_password(member: User) -> Client:
    client = Client()
    client.post(PASSWORD_FORM, {"login": member.email, "password": PASSWORD})
    return client


def _links(network: Network, belongings: Belongings, member: User) -> list[str]:
    """Return one link of each kind that opens something to whoever holds it."""
    mail_sign_in_link(member.email)
    mail = OutgoingMail.objects.filter(recipient=member.email).latest("pk")
    to_sign_in = re.search(r"http\S+/login/link/\S+", mail.text)
    assert to_sign_in
    signed = signed_addresses(network)
    links = [
        to_sign_in[0],
        invite(network.owner, "zoe@example.org"),
        password_link(member),
        signed(Act.LOG, belongings.suggestion),
        signed(Act.STILL, belongings.topic),
        unsubscribe_address(network),
        f"{reverse('contacts:calendar_feed')}?key={open_feed(network)}",
        reverse("account_confirm_email", args=[EmailConfirmationHMAC(EmailAddress.objects.get(user=member)).key]),
    ]
    return [link.removeprefix("{0.scheme}://{0.netloc}".format(urlsplit(link))) for link in links]
