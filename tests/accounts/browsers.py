"""Attempts to sign in, from one browser or from many."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user
from django.test import Client

from tests.passwords import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "not the right pass phrase"
ELSEWHERE = "198.51.100.7"
"""A client address from which nothing has been tried yet."""


def sign_in(client, address="anna@example.org", password=PASSWORD, **extra):
    """Try to sign in and return whether it succeeded."""
    client.post(LOGIN, {"login": address, "password": password}, **extra)
    return get_user(client).is_authenticated


def use_up(address="anna@example.org"):
    """Try wrong passwords until the account accepts no more, from a new client each time."""
    for number in range(10):
        sign_in(Client(), address, WRONG, REMOTE_ADDR=f"203.0.113.{number}")


def code_of(secret, *, right=True):
    """Return the code that an authenticator app shows now or, unless `right`, one that it doesn't."""
    codes = [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]
    return codes[1] if right else next(f"{n:06}" for n in range(9) if f"{n:06}" not in codes)


def enter(client, code, **extra):
    client.post("/accounts/2fa/authenticate/", {"code": code}, **extra)
    return get_user(client).is_authenticated


def guess_codes(secret, wrong):
    """Let somebody who knows the password try ten codes, each in a separate browser."""
    for number in range(10):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(client)
        enter(client, wrong)
