"""The member whose network a command works on."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.models import User
from contacts.middleware import network_of
from contacts.models import Network


def add_owner_argument(parser: ArgumentParser) -> None:
    """Add the option that every command about one network has."""
    parser.add_argument("--owner", metavar="EMAIL", required=True, help="the member whose network it is")


def owned_network(email: str) -> Network:
    """Return the network of the member with this e-mail address. Raises CommandError if there is none."""
    try:
        return network_of(User.objects.get(email=email.strip().lower()))
    except User.DoesNotExist:
        raise CommandError(f"There is no member with the address {email}.") from None
