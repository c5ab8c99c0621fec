"""Daily limits: on mails that anyone may ask for, and on invitations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import TryCount
from tests.accounts.browsers import sign_in

MAILS = ["/accounts/password/reset/", "/accounts/login/link/"]


def half_an_hour_later():
    """Let the windows of half an hour and of an hour pass, but not the daily ones."""
    TryCount.objects.filter(until__lt=timezone.now() + timedelta(hours=2)).delete()


def ask_in_every_window(client, path):
    """Ask for four mails in each of six windows."""
    for _ in range(6):
        for _ in range(4):
            client.post(path, {"email": "anna@example.org"})
        half_an_hour_later()


@pytest.mark.parametrize("path", MAILS)
def test_an_address_gets_ten_mails_of_a_kind_in_a_day(anna, mailed, path):
    ask_in_every_window(Client(), path)
    assert mailed.count() == 10
    answer = Client(REMOTE_ADDR="203.0.113.5").post(path, {"email": anna.email})
    assert (answer.status_code in {200, 422}, b"until tomorrow" in answer.content) == (True, True)


@pytest.mark.parametrize("path", MAILS)
def test_owner_still_gets_a_mail_on_a_known_device(anna, mailed, path):
    own = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(own)
    own.post("/accounts/logout/")
    ask_in_every_window(Client(), path)
    before = mailed.count()
    own.post(path, {"email": anna.email})
    assert mailed.count() == before + 1


def test_an_operator_invites_fifty_addresses_in_a_day(operator, outbox):
    for number in range(50):
        invite(operator, f"guest{number}@example.org")
    with pytest.raises(ValidationError, match="Wait until tomorrow"):
        invite(operator, "one.more@example.org")
    assert outbox.count() == 50


def test_an_address_gets_five_invitations_in_a_day_and_a_clear_answer(operator_client, outbox):
    answers = [operator_client.post("/accounts/invitations/", {"email": "carl@example.org"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [422]
    assert (b"Wait until tomorrow" in answers[5].content, outbox.count()) == (True, 5)
