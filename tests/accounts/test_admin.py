"""The admin site: states for the operator, nothing for anybody else, and no member's own words for anyone."""

import re

import pytest

from accounts.mail.outbox import queue_mail
from accounts.models import Invitation, OutgoingMail, User
from contacts.middleware import network_of

LISTS = ["/admin/accounts/user/", "/admin/accounts/outgoingmail/", "/admin/accounts/invitation/"]
SECRET = "Jana and Markus"


@pytest.fixture
def letter(alice):
    return queue_mail(
        purpose="letter",
        dedup_key="1",
        recipient="alice@example.org",
        subject=f"{SECRET} ought to meet",
        text=f"{SECRET} are both looking for a flat.",
        html=f"<p>{SECRET}</p>",
        member=alice,
    )


def details(letter):
    return [f"/admin/accounts/outgoingmail/{letter.pk}/change/", f"/admin/accounts/user/{letter.member.pk}/change/"]


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_admin_opens_for_the_operator(operator_client, letter, path):
    assert operator_client.get(path).status_code == 200


def test_admin_shows_no_words_of_a_mail_and_no_password(operator_client, letter):
    for path in ["/admin/", *LISTS, *details(letter)]:
        page = operator_client.get(path).content.decode()
        assert [word for word in (SECRET, "argon2", letter.message_id) if word in page] == []


def test_admin_mail_list_names_no_addressee(operator_client, letter):
    assert letter.recipient not in operator_client.get("/admin/accounts/outgoingmail/").content.decode()


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("outgoingmail", "text__contains=Jana"),
        ("outgoingmail", "recipient__startswith=a"),
        ("outgoingmail", "member__name=Alice"),
        ("outgoingmail", "created_at__year=99999999"),
        ("user", "password__startswith=argon2"),
        ("user", "network__uuid__isnull=0"),
        ("invitation", "token_hash__startswith=a"),
    ],
)
def test_admin_answers_nothing_about_columns_that_it_hides(operator_client, letter, path, hidden):
    assert operator_client.get(f"/admin/accounts/{path}/?{hidden}").status_code == 400


@pytest.mark.parametrize("shown", ["state__exact=sent", "purpose=letter", "o=1.-2"])
def test_admin_filters_and_orders_by_what_it_shows(operator_client, letter, shown):
    assert operator_client.get(f"/admin/accounts/outgoingmail/?{shown}").status_code == 200


@pytest.mark.parametrize("staff", [False, True])
def test_admin_lists_are_closed_to_members(alice_client, letter, staff):
    User.objects.filter(pk=letter.member.pk).update(is_staff=staff)
    answers = {alice_client.get(path, follow=True).status_code for path in [*LISTS, *details(letter)]}
    assert answers == ({403} if staff else {404})


def test_admin_sends_guests_to_the_login(client, db):
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1] == ("/accounts/login/?next=/admin/accounts/user/", 302)


def test_admin_offers_no_adding_editing_or_deleting(operator_client, letter):
    mail, member = details(letter)
    closed = ["/admin/accounts/user/add/", mail.replace("change", "delete"), member.replace("change", "delete")]
    assert [operator_client.get(path).status_code for path in closed] == [403, 403, 403]
    assert operator_client.post(member, {"is_superuser": "on"}).status_code == 403


def test_admin_counts_nothing(operator_client, letter, alice, mallory):
    for path in LISTS:
        page = operator_client.get(path, {"q": "example"}).content.decode()
        assert re.findall(r"\d+ (?:results?|of|total|members?|outgoing mails?|invitations?)", page) == []
        assert "1000000000" not in page


def test_admin_closes_and_opens_accounts_but_not_ones_own(operator_client, operator, alice, alice_client):
    network_of(alice)
    act = {"_selected_action": [operator.pk, alice.pk]}
    operator_client.post("/admin/accounts/user/", {**act, "action": "close"})
    assert list(User.objects.filter(is_active=True)) == [operator]
    assert alice_client.get("/accounts/settings/").status_code == 302
    operator_client.post("/admin/accounts/user/", {**act, "action": "open_again"})
    assert User.objects.filter(is_active=True).count() == 2


def test_admin_tries_a_failed_mail_again(operator_client, letter):
    OutgoingMail.objects.update(state="failed", attempts=7)
    operator_client.post("/admin/accounts/outgoingmail/", {"_selected_action": [letter.pk], "action": "send_again"})
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("queued", 0)


def test_admin_takes_invitations_back(operator_client, operator):
    row = Invitation.objects.create(email="bob@example.org", token_hash="1", expires_at=operator.date_joined)
    operator_client.post("/admin/accounts/invitation/", {"_selected_action": [row.pk], "action": "revoke"})
    assert Invitation.objects.count() == 0


def test_admin_logout_signs_out(operator_client):
    assert operator_client.get("/admin/logout/").status_code == 405
    operator_client.post("/admin/logout/")
    assert "_auth_user_id" not in operator_client.session


def test_admin_mail_list_shows_our_reason_beside_the_words_of_the_mail_server(operator_client, letter):
    OutgoingMail.objects.update(state="failed", reason="cut_off", problem="RefusedError: 550 Unknown")
    page = operator_client.get("/admin/accounts/outgoingmail/").content.decode()
    assert ("each attempt was cut off" in page, "RefusedError: 550 Unknown" in page) == (True, True)
