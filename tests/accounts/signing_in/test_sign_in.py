"""Signing in and resetting the password: open to everybody, without revealing who is a member."""

import base64
import json
import re
from urllib.parse import urlencode

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import get_language

from accounts.models import User
from tests.accounts.browsers import LOGIN
from tests.passwords import PASSWORD
from tests.signed_in import signed_in

RESET = "/accounts/password/reset/"


def without_csrf(response):
    return re.sub(rb"[A-Za-z0-9]{64}|[a-z]+@example.org", b"", response.content)


def test_login_with_address_and_password_leads_to_today(client, anna):
    response = client.post(LOGIN, {"login": "Anna@Example.org", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_login_answers_known_and_unknown_addresses_alike(anna, hashed):
    answers = []
    for address in ("anna@example.org", "nobody@example.org"):
        del hashed[:]
        response = Client().post(LOGIN, {"login": address, "password": "not the right pass phrase"})
        answers.append((response.status_code, without_csrf(response), len(hashed)))
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_login_of_a_closed_account_needs_the_password_to_say_so(client, anna):
    User.objects.update(is_active=False)
    wrong = client.post(LOGIN, {"login": anna.email, "password": "not the right pass phrase"})
    right = client.post(LOGIN, {"login": anna.email, "password": PASSWORD})
    assert (wrong.status_code, right.status_code, right["Location"]) == (200, 302, "/accounts/inactive/")


@pytest.mark.parametrize("forge", [False, True])
@pytest.mark.parametrize("address", ["anna@example.org", "nobody@example.org"])
def test_login_is_blocked_after_ten_tries_also_with_forged_addresses(anna, hashed, forge, address):
    client = Client()
    for number in range(11):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"} if forge else {}
        client.post(LOGIN, {"login": address, "password": "not the right pass phrase"}, headers=headers)
    assert len(hashed) == 10
    response = client.post(LOGIN, {"login": address, "password": PASSWORD}, headers={"X-Forwarded-For": "10.1.1.1"})
    assert (response.status_code, len(hashed)) == (200, 10)


def test_reset_answers_known_and_unknown_addresses_alike(anna, outbox, hashed):
    answers = []
    for address in ("anna@example.org", "nobody@example.org"):
        del hashed[:]
        response = Client().post(RESET, {"email": address})
        mails = list(outbox.filter(recipient=address).values_list("purpose", "subject"))
        answers.append((response.status_code, response["Location"], len(hashed), mails))
    assert answers[0] == answers[1]
    assert answers[0] == (302, "/accounts/password/reset/done/", 0, [("sign-in", "Your link to a new password")])


def test_reset_link_works_once_and_rests_on_the_base_url(client, anna, outbox, settings):
    settings.BASE_URL = "https://crm.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": anna.email}, headers={"Host": "evil.example.com"})
    [link] = re.findall(r"https?://\S+/key/\S+", outbox.get().text)
    assert link.startswith("https://crm.example.org/accounts/password/reset/key/")
    path = link.removeprefix("https://crm.example.org")
    form_path = client.get(path)["Location"]
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    assert client.post(form_path, new).status_code == 302
    anna.refresh_from_db()
    assert anna.check_password("another long pass phrase")
    again = Client().get(path)
    assert (again.status_code, b"no longer works" in again.content) == (200, True)


def test_reset_mail_is_written_in_the_members_language(client, anna, monkeypatch):
    spoken = []
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", lambda *args: spoken.append(get_language()))
    User.objects.update(language="de")
    for address in (anna.email, "nobody@example.org"):
        client.post(RESET, {"email": address}, headers={"Accept-Language": "en"})
    assert spoken == ["de", "en"]


def test_second_factor_is_asked_for_before_anything_opens(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    response = client.post(f"{LOGIN}?next=/admin/", {"login": operator.email, "password": PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert [client.get(path).status_code for path in ("/admin/", "/accounts/settings/")] == [302, 302]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("page", [LOGIN, "/admin/login/"])
def test_sign_in_leads_to_no_other_host(client, anna, page, elsewhere):
    first = client.get(page, {"next": elsewhere}, follow=True)
    asked = first.redirect_chain[-1][0] if first.redirect_chain else f"{page}?{urlencode({'next': elsewhere})}"
    answer = client.post(asked, {"login": anna.email, "password": PASSWORD, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_sign_up_is_closed_by_default(client, db):
    response = client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD, "name": "New"})
    assert (response.status_code, User.objects.count()) == (200, 0)


def test_open_sign_up_answers_known_and_unknown_addresses_alike(anna, outbox, hashed, settings):
    settings.NETCRM_OPEN_SIGN_UP = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answers = []
    for address in ("anna@example.org", "new@example.org"):
        del hashed[:]
        about = {"name": "New", "language": "de", "time_zone": "Europe/Vienna"}
        response = Client().post("/accounts/signup/", {"email": address, "password1": PASSWORD, **about})
        answers.append(
            (response.status_code, response["Location"], len(hashed), outbox.filter(recipient=address).count())
        )
    assert answers[0] == answers[1] == (302, "/accounts/confirm-email/", 1, 1)
    new = User.objects.get(email="new@example.org")
    assert (new.name, new.language, new.time_zone) == ("New", "de", "Europe/Vienna")


def test_logout_needs_a_post(anna_client):
    assert anna_client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in anna_client.session
    anna_client.post("/accounts/logout/")
    assert "_auth_user_id" not in anna_client.session


def test_pages_open_to_guests_are_these_and_no_others():
    assert {str(pattern) for pattern in open_patterns(get_resolver().url_patterns)} == {
        "accounts/join/<str:token>/",
        "accounts/login/",
        "accounts/logout/",
        "accounts/inactive/",
        "accounts/signup/",
        "accounts/confirm-email/",
        "accounts/^confirm-email/(?P<key>[-:\\w]+)/$",
        "accounts/password/reset/",
        "accounts/password/reset/done/",
        "accounts/password/reset/key/done/",
        "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        "accounts/login/code/confirm/",
        "accounts/login/link/",
        "accounts/login/link/sent/",
        "accounts/login/link/<str:token>/",
        "accounts/2fa/authenticate/",
        "accounts/2fa/webauthn/login/",
        "admin/login/",
        "contacts/calendar.ics",
        "health/",
        "health/<slug:check>/",
        "letter/unsubscribe/<str:token>/",
        "letter/<slug:act>/<str:token>/",
    }


def open_patterns(patterns, prefix=""):
    """Yield the URLs whose views LoginRequiredMiddleware opens to guests."""
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from open_patterns(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            if not getattr(view, "login_required", True):
                yield path


@pytest.mark.parametrize("answer", ["9" * 5000, "[" * 50_000, '"\\ud800"', "{}", "null"])
def test_sign_in_by_a_key_refuses_what_no_key_answers(client, db, answer):
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": answer})
    assert (response.status_code, response.wsgi_request.user.is_authenticated) == (302, False)


@pytest.mark.parametrize("answer", ["9" * 5000, "[" * 50_000])
def test_adding_a_key_refuses_what_no_key_answers(alice, answer):
    response = signed_in(alice).post("/accounts/2fa/webauthn/add/", {"credential": answer})
    assert (response.status_code, [*response.context["form"].errors]) == (200, ["credential"])


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def key_answer(**parts):
    """Return a well-formed response of a security key, except that the given `parts` are replaced."""
    client_data = b'{"type": "webauthn.get", "challenge": "YQ", "origin": "http://testserver"}'
    response = {"clientDataJSON": encoded(client_data), "authenticatorData": encoded(bytes(37)), "signature": "YQ"}
    response |= {"userHandle": encoded(b"1"), "attestationObject": encoded(b"\xa0")}
    whole = {"id": "YQ", "rawId": "YQ", "type": "public-key", "clientExtensionResults": {}, "response": response}
    return json.dumps(
        whole
        | {name: part for name, part in parts.items() if name in whole}
        | {"response": response | {name: part for name, part in parts.items() if name not in whole}}
    )


MALFORMED = {
    "deep JSON": {"clientDataJSON": encoded(b"[" * 9000)},
    "another JSON": {"clientDataJSON": encoded(b"[]")},
    "no JSON": {"clientDataJSON": encoded(b"\xff")},
    "deep CBOR": {"authenticatorData": encoded(bytes(32) + b"\x80" + bytes(4) + b"\x81" * 9000)},
    "half a CBOR": {"authenticatorData": encoded(bytes(32) + b"\xc0" + bytes(22))},
    "deep attestation": {"attestationObject": encoded(b"\x81" * 9000)},
    "no attestation": {"attestationObject": ""},
    "extensions": {"clientExtensionResults": 5},
    "another key": {"rawId": "Yg"},
    "half a character": {"signature": "\ud800"},
}


@pytest.mark.parametrize("parts", MALFORMED.values(), ids=MALFORMED)
def test_sign_in_by_a_key_refuses_malformed_parts(client, db, parts):
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": key_answer(**parts)})
    assert (response.status_code, response.wsgi_request.user.is_authenticated) == (302, False)


@pytest.mark.parametrize("parts", MALFORMED.values(), ids=MALFORMED)
def test_adding_a_key_refuses_malformed_parts(alice, parts):
    response = signed_in(alice).post("/accounts/2fa/webauthn/add/", {"credential": key_answer(**parts)})
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
