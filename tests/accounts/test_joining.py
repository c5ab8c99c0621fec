"""The set-up link and invitations: single-use, expiring, consumed only by POST."""

import itertools
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import invitations
from accounts.invitations import accept, invite, open_invitations, setup_link
from accounts.members import create_member
from accounts.models import Invitation, User
from tests.conftest import make_member
from tests.elsewhere import elsewhere, while_open
from tests.passwords import PASSWORD

BASE = "http://testserver"
FORM = {
    "email": "first@example.org",
    "name": "First",
    "password": PASSWORD,
    "language": "de",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture
def set_up(db):
    """The path of a fresh set-up link."""
    return setup_link(BASE).removeprefix(BASE)


@pytest.fixture
def invited(operator, settings):
    """The path of an invitation for bob@example.org."""
    return invite(operator, "Bob@example.org").removeprefix(settings.BASE_URL)


def expire_all():
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_set_up_makes_the_operator_and_signs_in(client, set_up):
    response = client.post(set_up, FORM)
    assert (response.status_code, response["Location"]) == (302, "/")
    first = User.objects.get()
    assert (first.email, first.name, first.language, first.time_zone) == (
        "first@example.org",
        "First",
        "de",
        "Asia/Tokyo",
    )
    assert (first.is_superuser, first.is_staff, first.check_password(PASSWORD)) == (True, True, True)
    assert client.session["_auth_user_id"] == str(first.pk)
    assert EmailAddress.objects.get().verified


def test_set_up_get_changes_nothing(client, set_up):
    before = Invitation.objects.values().get()
    assert (client.get(set_up).status_code, client.head(set_up).status_code) == (200, 200)
    assert (Invitation.objects.values().get(), User.objects.count()) == (before, 0)


def test_set_up_link_works_once(client, set_up):
    client.post(set_up, FORM)
    answer = Client().post(set_up, {**FORM, "email": "second@example.org"})
    assert (answer.status_code, User.objects.count()) == (410, 1)


def test_set_up_link_replaces_earlier_ones_and_ends_with_the_first_member(client, set_up):
    later = setup_link(BASE).removeprefix(BASE)
    assert client.post(set_up, FORM).status_code == 410
    assert client.post(later, FORM).status_code == 302
    assert setup_link(BASE) is None


def test_link_used_by_two_at_once_makes_one_member(client, set_up, monkeypatch):
    both_saw = Invitation.objects.get()
    client.post(set_up, FORM)
    monkeypatch.setattr(invitations, "find_invitation", lambda token: both_saw)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.accept("token", email="second@example.org", password=PASSWORD)
    assert User.objects.count() == 1


def test_set_up_link_expires(client, set_up):
    expire_all()
    assert (client.get(set_up).status_code, client.post(set_up, FORM).status_code) == (410, 410)


def test_set_up_with_unfit_fields_keeps_the_link(client, set_up):
    answer = client.post(set_up, {**FORM, "password": "short"})
    assert (answer.status_code, User.objects.count()) == (422, 0)
    assert client.post(set_up, FORM).status_code == 302


@pytest.mark.parametrize(
    "unfit", [{"time_zone": "Mars/Base"}, {"language": "xx"}, {"email": "no address"}, {"name": "\0"}]
)
def test_set_up_refuses_what_does_not_exist(client, set_up, unfit):
    assert client.post(set_up, {**FORM, **unfit}).status_code == 422


def test_set_up_secret_is_stored_as_a_hash_alone(set_up):
    assert set_up.split("/")[-2] not in str(Invitation.objects.values().get())


def test_unknown_token_is_no_link(client, db):
    assert client.get("/accounts/join/never-made/").status_code == 410


def test_invitation_makes_the_member_of_its_own_address(client, invited):
    assert client.post(invited, FORM).status_code == 302
    bob = User.objects.get(email="bob@example.org")
    assert (bob.is_superuser, bob.is_staff, Invitation.objects.count()) == (False, False, 0)


def test_invitation_works_once(invited):
    assert [Client().post(invited, FORM).status_code for _ in range(2)] == [302, 410]


def test_invitation_expires(client, invited):
    expire_all()
    assert client.post(invited, FORM).status_code == 410


def test_invitation_is_mailed_and_shown_once(operator_client, outbox):
    page = operator_client.post("/accounts/invitations/", {"email": "carl@example.org"})
    mail = outbox.get()
    link = page.context["link"]
    assert (page.status_code, mail.recipient, mail.purpose) == (200, "carl@example.org", "invitation")
    assert link in mail.text
    assert link not in operator_client.get("/accounts/invitations/").content.decode()


def test_invitation_replaces_the_earlier_one_of_the_address(operator, invited, client):
    invite(operator, "bob@example.org")
    assert (client.get(invited).status_code, open_invitations().count()) == (410, 1)


def test_invitation_of_a_member_is_refused(operator, anna, operator_client):
    with pytest.raises(ValidationError):
        invite(operator, "ANNA@example.org")
    assert operator_client.post("/accounts/invitations/", {"email": anna.email}).status_code == 422


def test_invitation_can_be_taken_back(operator_client, invited, client):
    path = f"/accounts/invitations/{Invitation.objects.get().uuid}/revoke/"
    assert operator_client.get(path).status_code == 405
    assert operator_client.post(path).status_code == 302
    assert client.post(invited, FORM).status_code == 410


def test_invitations_are_the_operators_alone(alice_client, client, invited):
    path = f"/accounts/invitations/{Invitation.objects.get().uuid}/revoke/"
    assert (alice_client.get("/accounts/invitations/").status_code, alice_client.post(path).status_code) == (404, 404)
    assert client.get("/accounts/invitations/").status_code == 302
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_invitations_page_takes_three_queries(operator, operator_client, django_assert_num_queries, rows):
    for number in range(rows):
        invite(operator, f"guest{number}@example.org")
    with django_assert_num_queries(3):
        operator_client.get("/accounts/invitations/")


@pytest.mark.parametrize("operator", [False, True])
def test_set_up_link_ends_with_a_member_made_otherwise(client, set_up, operator):
    create_member("other@example.org", PASSWORD, operator=operator)
    answers = [client.get(set_up), client.head(set_up), client.post(set_up, FORM)]
    assert ([answer.status_code for answer in answers], User.objects.count()) == ([410, 410, 410], 1)
    assert not Invitation.objects.exists()


def test_set_up_link_ends_with_a_member_who_was_not_made_here(client, set_up):
    """The member may have come from a restored database or an open sign-up, for example."""
    make_member("other@example.org")
    assert (client.get(set_up).status_code, client.post(set_up, FORM).status_code) == (410, 410)
    assert (setup_link(BASE), Invitation.objects.count(), User.objects.count()) == (None, 0, 1)


def test_closed_link_says_what_to_do(client, set_up):
    client.post(set_up, FORM)
    page = Client().get(set_up).content.decode()
    for advice in ("If you have an account here, sign in.", "send you a new invitation", "for the first member alone"):
        assert advice in page


def test_set_up_link_is_one_by_the_database(set_up):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(token_hash="other", expires_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_set_up_by_two_browsers_at_once_makes_one_operator(set_up):
    both = itertools.count()

    def join():
        browser = Client()
        browser.get(set_up)
        answer = browser.post(set_up, {**FORM, "email": f"first{next(both)}@example.org"})
        return answer.status_code

    assert sorted(elsewhere(join, workers=4)) == [302, 410, 410, 410]
    assert (User.objects.count(), Invitation.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_set_up_while_another_member_is_being_made_is_refused(set_up):
    answers = []
    while_open(
        lambda: create_member("other@example.org", PASSWORD),
        lambda: answers.append(Client().post(set_up, FORM).status_code),
    )
    assert (answers, [member.email for member in User.objects.all()]) == ([410], ["other@example.org"])


@pytest.mark.django_db(transaction=True)
def test_set_up_links_made_at_once_are_one():
    links = elsewhere(lambda: setup_link(BASE), workers=4)
    assert len(set(links)) == 4
    good = [link for link in links if Client().get(link.removeprefix(BASE)).status_code == 200]
    assert (len(good), Invitation.objects.count()) == (1, 1)


ADDRESS = "bob@example.org"


@pytest.mark.django_db(transaction=True)
def test_invitations_of_an_address_made_at_once_are_one(operator):
    other = make_member("other@example.org", is_superuser=True)
    operators = itertools.cycle([operator, other])
    links = elsewhere(lambda: invite(next(operators), ADDRESS), workers=4)
    good = [link for link in links if Client().get(link.removeprefix(settings.BASE_URL)).status_code == 200]
    assert (len(set(links)), len(good), Invitation.objects.count()) == (4, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_invitation_while_another_operator_invites_is_the_only_one(operator):
    other = make_member("other@example.org", is_superuser=True)
    while_open(lambda: invite(operator, ADDRESS), lambda: invite(other, ADDRESS))
    assert [invitation.invited_by for invitation in Invitation.objects.all()] == [other]


@pytest.mark.django_db(transaction=True)
def test_invitation_while_it_is_accepted_invites_no_member(operator):
    token = invite(operator, ADDRESS).rstrip("/").rpartition("/")[2]
    told = {"password": PASSWORD, "name": "Bob", "language": "en", "time_zone": "UTC"}

    def invite_again():
        with pytest.raises(ValidationError, match="already belongs to a member"):
            invite(operator, ADDRESS)

    while_open(lambda: accept(token, email="", **told), invite_again)
    assert Invitation.objects.count() == 0
