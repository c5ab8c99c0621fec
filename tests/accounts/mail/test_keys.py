"""Mails that are keys: without a mail server, no session shows a mail that would open an account."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailConfirmationHMAC
from django.db.models import QuerySet
from django.test import Client

from accounts.invitations import invite
from accounts.mail.mailbox import mails_of
from accounts.models import OutgoingMail, User
from accounts.signing_in.links import mail_sign_in_link
from tests.passwords import PASSWORD

Mails = QuerySet[OutgoingMail]


def shown(client: Client, member: User) -> list[str]:
    """Return the texts of all mails that the member's session shows, by the list or by guessing addresses."""
    listed = list(client.get("/accounts/mails/").context["page"])
    pages = [client.get(f"/accounts/mails/{mail.uuid}/") for mail in OutgoingMail.objects.all()]
    assert sorted(mail.pk for mail in listed) == sorted(
        page.context["mail"].pk for page in pages if page.status_code == 200
    )
    assert {mail.pk for mail in listed} == {mail.pk for mail in mails_of(member)}
    return [mail.text for mail in listed]


def test_reset_mail_is_not_shown(anna: User, anna_client: Client, outbox: Mails) -> None:
    anna_client.post("/accounts/password/reset/", {"email": anna.email})
    assert outbox.filter(text__contains="/password/reset/key/").count() == 1
    assert shown(anna_client, anna) == []


def test_confirmation_of_a_new_address_is_not_shown(anna: User, anna_client: Client, outbox: Mails) -> None:
    anna_client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert outbox.filter(text__contains="/confirm-email/", member=anna).count() == 1
    assert shown(anna_client, anna) == []


def test_sign_in_link_is_not_shown(anna: User, anna_client: Client, outbox: Mails) -> None:
    mail_sign_in_link(anna.email)
    assert outbox.filter(text__contains="/login/link/", member=anna).count() == 1
    assert shown(anna_client, anna) == []


def test_invitation_is_not_shown_to_a_borrowed_session(operator: User, operator_client: Client, outbox: Mails) -> None:
    invite(operator, "carl@example.org")
    assert outbox.filter(text__contains="/join/", member=operator).count() == 1
    assert shown(operator_client, operator) == []


def test_mail_of_a_kind_that_nobody_has_thought_of_is_not_shown(anna: User, anna_client: Client, outbox: Mails) -> None:
    OutgoingMail.objects.create(
        member=anna, purpose="new kind", dedup_key="1", message_id="1", recipient=anna.email, text="a key"
    )
    assert shown(anna_client, anna) == []


def test_notice_of_a_changed_password_is_shown_and_holds_no_key(anna: User, anna_client: Client, outbox: Mails) -> None:
    new = "another long pass phrase"
    anna_client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    anna_client.post("/accounts/login/", {"login": anna.email, "password": new})
    [text] = shown(anna_client, anna)
    assert "Your password has changed." in text
    assert "/key/" not in text


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/link/"])
def test_page_that_can_send_no_link_says_who_helps(client: Client, db: None, path: str) -> None:
    page = client.get(path).content.decode()
    assert "manage.py reset_password" in page
    assert 'name="email"' not in page


def test_pages_with_a_mail_server_still_offer_the_link(client: Client, mailed: Mails) -> None:
    assert 'name="email"' in client.get("/accounts/password/reset/").content.decode()


def test_operator_passes_an_invitation_on_by_hand(operator: User, operator_client: Client, outbox: Mails) -> None:
    page = operator_client.post("/accounts/invitations/", {"email": "carl@example.org"}).content.decode()
    assert "pass the link on to carl@example.org yourself" in page


def test_address_page_says_who_has_the_link(anna: User, anna_client: Client, outbox: Mails) -> None:
    anna_client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert "whoever runs it can give you the link" in anna_client.get("/accounts/email/").content.decode()
    [address] = anna.emailaddress_set.filter(email="new@example.org") or [None]
    assert address is None or EmailConfirmationHMAC.create(address)
