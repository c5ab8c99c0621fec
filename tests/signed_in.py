"""Browsers in which a member is signed in, without the form."""

from __future__ import annotations

import time

from django.test import Client

from accounts.models import User
from accounts.signing_in.sessions import LAST_USED


def signed_in(member: User) -> Client:
    """Return a browser in which the member is signed in, was just active, and has just confirmed their identity."""
    client = Client()
    client.force_login(member)
    session = client.session
    session[LAST_USED] = time.time()
    session.save()
    confirm(client)
    return client


def confirm(client: Client, ago: float = 0) -> None:
    """Record that the signed-in member confirmed their identity `ago` seconds ago."""
    session = client.session
    records = [{"method": "password", "at": time.time() - ago, "reauthenticated": True}]
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
