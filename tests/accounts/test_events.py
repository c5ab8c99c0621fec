"""Log lines about sign-ins, failures, credentials and exports: events with numbers, and no personal data."""

from __future__ import annotations

import logging

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.signing_in.limits import PASSWORD_OF_ACCOUNT
from contacts.models import Network
from tests.passwords import PASSWORD
from tests.signed_in import signed_in

LOGIN = {"login": "anna@example.org", "password": PASSWORD}


class Events:
    """A callable that returns the events since its last call, without the tested member's number."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, logger="netcrm.events")
        self._caplog = caplog

    def __call__(self) -> list[str]:
        told = [record.getMessage() for record in self._caplog.records if record.name == "netcrm.events"]
        assert "example.org" not in self._caplog.text
        self._caplog.clear()
        return told


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Events:
    return Events(caplog)


def counter(address: str) -> int:
    return PASSWORD_OF_ACCOUNT.bucket(address)


def test_sign_in_and_out(client: Client, anna: User, events: Events) -> None:
    client.post("/accounts/login/", LOGIN)
    client.post("/accounts/logout/")
    assert events() == [f"signed in member={anna.pk} by=password", f"signed out member={anna.pk}"]


@pytest.mark.parametrize("address", ["anna@example.org", "nobody@example.org"])
def test_failed_sign_in(client: Client, anna: User, events: Events, address: str) -> None:
    client.post("/accounts/login/", {"login": address, "password": "not the right pass phrase"})
    assert events() == [f"sign-in failed counter={counter(address)}"]


def test_sign_in_that_was_tried_too_often(client: Client, anna: User, events: Events) -> None:
    for _try in range(10):
        client.post("/accounts/login/", {**LOGIN, "password": "not the right pass phrase"})
    events()
    client.post("/accounts/login/", LOGIN)
    assert events() == [f"sign-in refused counter={counter('anna@example.org')}"]


def test_second_factor(client: Client, anna: User, events: Events) -> None:
    TOTP.activate(anna, generate_totp_secret())
    client.post("/accounts/login/", LOGIN)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert events() == [f"second factor failed member={anna.pk} kind=totp"]


def test_changed_password_and_wrong_current_one(client: Client, anna: User, events: Events) -> None:
    client.force_login(anna)
    events()
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    client.post("/accounts/password/change/", {"oldpassword": "wrong", **new})
    assert events() == [f"password wrong member={anna.pk}"]
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert f"password changed member={anna.pk} by=member" in events()


def test_operator_who_helps(anna: User, events: Events) -> None:
    call_command("reset_password", anna.email, "--link")
    call_command("create_member", "new@example.org")
    new = User.objects.get(email="new@example.org")
    assert events() == [
        f"password link made member={anna.pk}",
        f"member made member={new.pk} operator=0",
        f"password link made member={new.pk}",
    ]


def test_export(alice_client: Client, alice: User, network: Network, events: Events) -> None:
    events()
    page = alice_client.post("/export/", {"format": "json"})
    export = network.exports.get()
    alice_client.get(f"{page['Location']}file/")
    assert events() == [
        f"export asked for member={alice.pk} kind=json of=everything",
        f"export fetched member={alice.pk}",
    ], export.state


def test_calendar_address(alice_client: Client, alice: User, network: Network, events: Events) -> None:
    events()
    alice_client.post("/contacts/calendar/")
    alice_client.post("/contacts/calendar/", {"act": "revoke"})
    assert events() == [f"calendar address made member={alice.pk}", f"calendar address revoked member={alice.pk}"]


def test_erased_account(anna: User, events: Events) -> None:
    client, number = signed_in(anna), anna.pk
    events()
    client.post("/accounts/settings/erase/", {"email": anna.email, "password": PASSWORD})
    assert events() == [f"signed out member={number}", f"member erased member={number}"]
