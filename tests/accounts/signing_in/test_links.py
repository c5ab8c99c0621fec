"""Mailed sign-in links: valid once, for half an hour, whoever requested them, even while the password is locked."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts.members import set_password
from accounts.models import OutgoingMail, SignInLink, User
from accounts.signing_in.links import mail_sign_in_link, use_sign_in_link
from accounts.tasks import clear_sign_in
from tests.accounts.browsers import ELSEWHERE, code_of, enter, guess_codes, sign_in, use_up
from tests.elsewhere import elsewhere

pytestmark = pytest.mark.usefixtures("quick_hashes")

ASK = "/accounts/login/link/"


def mailed_path(outbox):
    """Return the path of the link in the newest mail."""
    [link] = re.findall(r"https?://\S+/accounts/login/link/\S+/", outbox.latest("pk").text)
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def path(anna, mailed):
    """The path of a link that Anna requested."""
    Client().post(ASK, {"email": "Anna@Example.org"})
    return mailed_path(mailed)


def test_link_signs_in_by_a_click_and_not_by_being_opened(path, anna):
    client = Client()
    assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)
    assert not get_user(client).is_authenticated
    answer = client.post(path)
    assert (answer.status_code, answer["Location"], get_user(client)) == (302, "/", anna)


def test_link_signs_in_once(path):
    assert [Client().post(path).status_code for _ in range(2)] == [302, 410]
    assert Client().get(path).status_code == 410


def test_link_lasts_half_an_hour(path):
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (Client().get(path).status_code, Client().post(path).status_code) == (410, 410)
    clear_sign_in()
    assert SignInLink.objects.count() == 0


def test_link_expires_no_later_than_its_mail_and_no_sooner_than_its_limit(path, mailed):
    link, mail = SignInLink.objects.get(), mailed.get()
    assert mail.expires_at == link.expires_at
    assert timedelta(minutes=29) < link.expires_at - timezone.now() <= timedelta(minutes=30)


def test_link_is_void_after_a_change_of_the_password(path, anna):
    set_password(anna, "another long pass phrase")
    assert Client().post(path).status_code == 410


def test_link_of_a_closed_account_is_void(path):
    User.objects.update(is_active=False)
    assert Client().post(path).status_code == 410


@pytest.mark.parametrize("token", ["never-made", "é", "x" * 1500])
def test_unknown_token_is_no_link(db, token):
    assert (Client().get(f"{ASK}{token}/").status_code, Client().post(f"{ASK}{token}/").status_code) == (410, 410)


def test_link_is_stored_as_a_hash_alone(path):
    assert path.split("/")[-2] not in str(SignInLink.objects.values().get())


def test_link_rests_on_the_base_url(anna, mailed, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://crm.example.org", ["*"]
    Client().post(ASK, {"email": anna.email}, headers={"host": "evil.example.com"})
    assert "https://crm.example.org/accounts/login/link/" in mailed.get().text


def test_owner_gets_in_by_link_while_the_password_is_refused(anna, mailed):
    use_up()
    owner = Client(REMOTE_ADDR=ELSEWHERE)
    assert not sign_in(owner)
    owner.post(ASK, {"email": anna.email})
    owner.post(mailed_path(mailed))
    assert get_user(owner) == anna


def test_owner_gets_in_by_a_link_that_a_stranger_used_the_limit_up_with(anna, mailed):
    for number in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(ASK, {"email": anna.email})
    owner = Client(REMOTE_ADDR=ELSEWHERE)
    assert owner.post(ASK, {"email": anna.email}).status_code == 422
    owner.post(mailed_path(mailed))
    assert get_user(owner) == anna


def test_link_leads_to_the_second_factor_with_tries_of_its_own(anna, mailed):
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    guess_codes(secret, code_of(secret, right=False))
    owner = Client(REMOTE_ADDR=ELSEWHERE)
    owner.post(ASK, {"email": anna.email})
    assert owner.post(mailed_path(mailed))["Location"] == "/accounts/2fa/authenticate/"
    assert not get_user(owner).is_authenticated
    assert enter(owner, code_of(secret))


def test_link_is_asked_for_alike_by_known_and_unknown_addresses(anna, mailed):
    answers = []
    for address in (anna.email, "nobody@example.org"):
        response = Client().post(ASK, {"email": address})
        mails = list(mailed.filter(recipient=address).values_list("purpose", "subject"))
        answers.append((response.status_code, response["Location"], mails))
    assert answers[0] == answers[1] == (302, "/accounts/login/link/sent/", [("sign-in", "Your link to sign in")])
    assert "http" not in mailed.get(recipient="nobody@example.org").text.partition("--")[0]


def test_link_is_written_in_the_members_language(anna, mailed):
    User.objects.update(language="de")
    Client().post(ASK, {"email": anna.email}, headers={"accept-language": "en"})
    assert mailed.get().subject == "Dein Link zum Anmelden"


def test_instance_without_mail_names_the_operator_and_makes_no_link(anna, outbox):
    page = Client().get(ASK)
    assert (page.status_code, b"manage.py reset_password" in page.content) == (200, True)
    assert (Client().post(ASK, {"email": anna.email}).status_code, SignInLink.objects.count()) == (404, 0)


def test_link_needs_an_address(db, mailed):
    assert Client().post(ASK, {"email": "no address"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_link_used_by_several_at_once_signs_one_in(path):
    token = path.split("/")[-2]

    def use():
        try:
            return use_sign_in_link(token).email
        except SignInLink.DoesNotExist:
            return None

    assert sorted(elsewhere(use, workers=6), key=bool) == [None] * 5 + ["anna@example.org"]


def test_member_erased_leaves_no_link(anna, mailed):
    mail_sign_in_link(anna.email)
    anna.delete()
    assert (SignInLink.objects.count(), OutgoingMail.objects.filter(member__isnull=False).count()) == (0, 0)
