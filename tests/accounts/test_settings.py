"""The member's settings, mailbox and erasure."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.mail.outbox import queue_mail
from accounts.mail.transport import path_of_copy
from accounts.members import clear_sessions
from accounts.models import Invitation, OutgoingMail, User
from contacts.middleware import network_of
from contacts.models import Network
from tests.passwords import PASSWORD

SETTINGS = "/accounts/settings/"
ERASE = "/accounts/settings/erase/"
FORM = {"name": "Anna B.", "language": "de", "time_zone": "America/New_York", "appearance": "dark"}


def letter_to(member, **fields):
    key = f"letter:{member.pk}:{fields}"
    defaults = {"purpose": "letter", "recipient": member.email, "subject": "Hello", "text": "Read me", "member": member}
    return queue_mail(dedup_key=key, **{**defaults, **fields})


def test_settings_are_kept(alice_client, alice):
    response = alice_client.post(SETTINGS, FORM)
    alice.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, SETTINGS)
    assert {name: getattr(alice, name) for name in FORM} == FORM


def test_settings_with_an_unknown_time_zone_answer_422_and_keep_the_old(alice_client, alice):
    response = alice_client.post(SETTINGS, {**FORM, "time_zone": "Mars/Base"})
    alice.refresh_from_db()
    assert (response.status_code, alice.name) == (422, "Alice")


def test_settings_cannot_make_an_operator(alice_client, alice):
    alice_client.post(SETTINGS, {**FORM, "is_superuser": "on", "is_staff": "on", "email": "x@example.org"})
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_staff, alice.email) == (False, False, "alice@example.org")


def test_settings_are_private(client, db):
    response = client.get(SETTINGS)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/accounts/settings/")


def test_settings_page_takes_two_queries(alice_client, django_assert_num_queries):
    with django_assert_num_queries(2):
        alice_client.get(SETTINGS)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
        "/accounts/mails/",
        "/accounts/settings/erase/",
    ],
)
def test_settings_pages_open(anna_client, path):
    response = anna_client.get(path)
    assert (response.status_code, response["Cache-Control"] != "") == (200, True)
    assert response.content.count(b"<h1") == 1


def test_password_is_set_by_a_member_who_has_none(alice_client, alice):
    response = alice_client.get("/accounts/password/change/", follow=True)
    assert response.redirect_chain == [("/accounts/password/set/", 302)]
    alice_client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_email_changes_once_the_new_address_is_confirmed(anna_client, anna, outbox):
    anna_client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    mail = outbox.get(recipient="new@example.org")
    [link] = [word for word in mail.text.split() if "/confirm-email/" in word]
    path = "/accounts" + link.split("/accounts")[1]
    assert anna_client.get(path).status_code == 200
    assert EmailAddress.objects.filter(email="new@example.org", verified=True).count() == 0
    anna_client.post(path)
    anna.refresh_from_db()
    assert anna.email == "new@example.org"


def test_email_changes_only_after_a_fresh_proof(client, anna, outbox):
    client.force_login(anna)
    response = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    assert outbox.count() == 0


def test_email_of_another_member_is_not_given_away(anna_client, outbox, mallory):
    response = anna_client.post("/accounts/email/", {"email": mallory.email, "action_add": ""})
    assert (response.status_code, response["Location"]) == (302, "/accounts/email/")


def test_mailbox_shows_ones_own_mails(alice_client, alice, mallory):
    mine, strangers = letter_to(alice), letter_to(mallory)
    assert alice_client.get(f"/accounts/mails/{mine.uuid}/").context["mail"] == mine
    assert alice_client.get(f"/accounts/mails/{strangers.uuid}/").status_code == 404
    assert list(alice_client.get("/accounts/mails/").context["page"]) == [mine]


def test_mailbox_is_closed_where_there_is_a_mail_server(alice_client, alice, settings):
    settings.MAIL_SERVER = {"host": "mail.example.org"}
    mail = letter_to(alice)
    pages = ["/accounts/mails/", f"/accounts/mails/{mail.uuid}/"]
    assert [alice_client.get(page).status_code for page in pages] == [404, 404]


def test_mailbox_escapes_what_mails_say(alice_client, alice):
    mail = letter_to(alice, subject="<script>1</script>", text="<img src=x onerror=alert(1)>")
    page = alice_client.get(f"/accounts/mails/{mail.uuid}/").content
    assert (b"<script>1" in page, b"<img src=x" in page) == (False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_mailbox_takes_four_queries(alice_client, alice, django_assert_num_queries, rows):
    for number in range(rows):
        letter_to(alice, subject=f"Letter {number}")
    with django_assert_num_queries(4):
        alice_client.get("/accounts/mails/")


def test_erasing_takes_everything_of_the_member_and_nothing_else(anna_client, anna, mallory, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    network_of(anna), network_of(mallory)
    mine, strangers = letter_to(anna), letter_to(mallory)
    to_me = letter_to(mallory, recipient=anna.email)
    path_of_copy(mine.uuid).parent.mkdir()
    path_of_copy(mine.uuid).write_text("a copy")
    Invitation.objects.create(email=anna.email, token_hash="1", expires_at=anna.date_joined)
    response = anna_client.post(ERASE, {"email": "Anna@example.org", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert list(User.objects.all()) == [mallory]
    assert [network.owner for network in Network.objects.all()] == [mallory]
    assert list(OutgoingMail.objects.all()) == [strangers]
    assert to_me.pk not in OutgoingMail.objects.values_list("pk", flat=True)
    assert (Invitation.objects.count(), EmailAddress.objects.count()) == (0, 0)
    assert (list((tmp_path / "mail").iterdir()), anna_client.get("/accounts/settings/").status_code) == ([], 302)


def test_erasing_ends_the_sessions_elsewhere(anna_client, anna):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})
    key = elsewhere.session.session_key
    anna_client.post(ERASE, {"email": anna.email, "password": PASSWORD})
    assert not Session.objects.filter(session_key=key).exists()


def test_sessions_that_are_over_are_forgotten(anna_client, anna):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": anna.email, "password": PASSWORD})
    Session.objects.filter(session_key=elsewhere.session.session_key).update(expire_date=anna.date_joined)
    clear_sessions()
    key = anna_client.session.session_key
    assert [session.session_key for session in Session.objects.all()] == [key]
    assert [session.session_key for session in UserSession.objects.all()] == [key]


@pytest.mark.parametrize(
    "wrong",
    [{"email": "mallory@example.org", "password": PASSWORD}, {"email": "anna@example.org", "password": "wrong"}, {}],
)
def test_erasing_needs_the_own_address_and_password(anna_client, wrong):
    assert anna_client.post(ERASE, wrong).status_code == 422
    assert User.objects.count() == 1


def test_erasing_by_get_only_explains(anna_client):
    assert (anna_client.get(ERASE).status_code, User.objects.count()) == (200, 1)


def test_settings_lead_to_what_belongs_to_them(alice_client):
    page = alice_client.get("/accounts/settings/").content.decode()
    section = page[page.index('aria-labelledby="data"') :].partition("</section>")[0]
    assert re.findall(r'href="([^"]+)"', section) == [
        reverse("contacts:calendar"),
        reverse("favours:export"),
        reverse("favours:storage"),
        reverse("accounts:erase"),
    ]
