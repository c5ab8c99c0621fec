"""The sign-in limits cannot be bypassed, and they don't lock owners out."""

import itertools

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import get_resolver

from accounts.members import create_member, set_password
from accounts.models import TryCount, User
from accounts.signing_in.attempts import take
from accounts.signing_in.limits import FORMS, password_tries
from tests.accounts.browsers import ELSEWHERE, LOGIN, WRONG, code_of, enter, guess_codes, sign_in, use_up
from tests.passwords import PASSWORD
from tests.signed_in import confirm

pytestmark = pytest.mark.usefixtures("quick_hashes")

MAILS = ("/accounts/password/reset/", "/accounts/login/link/")


def request_from(remote):
    return RequestFactory().post(LOGIN, REMOTE_ADDR=remote)


@pytest.fixture
def known_device(anna):
    """A browser in which Anna has signed in before, and signed out."""
    client = Client()
    assert sign_in(client)
    client.post("/accounts/logout/")
    return client


@pytest.mark.parametrize(
    "step",
    [
        lambda number: {"headers": {"host": f"testserver:{8000 + number}"}},
        lambda number: {"headers": {"host": f"host{number}.example.org"}},
        lambda number: {"headers": {"x-forwarded-for": f"198.51.100.{number}"}},
        lambda number: {"REMOTE_ADDR": f"198.51.100.{number}"},
        lambda number: {"REMOTE_PORT": str(4000 + number)},
    ],
    ids=["port", "host", "forwarded", "client", "port of the client"],
)
@pytest.mark.parametrize("address", ["anna@example.org", "nobody@example.org"])
def test_password_has_ten_tries_whatever_the_request_says(anna, hashed, settings, step, address):
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(15):
        sign_in(Client(), address, WRONG, **step(number))
    assert len(hashed) == 10
    assert not sign_in(Client(), address, REMOTE_ADDR=ELSEWHERE)
    assert len(hashed) == 10


def test_right_password_that_could_not_be_checked_is_no_try(anna, monkeypatch):
    """For example on a full disk: somebody who tries repeatedly can sign in once there is room."""

    def fail(*_credentials):
        raise OperationalError("full")

    with monkeypatch.context() as full:
        full.setattr(User, "check_password", fail)
        for _ in range(11):
            with pytest.raises(OperationalError):
                sign_in(Client())
    assert sign_in(Client())


@pytest.mark.parametrize("spelling", ["ANNA@example.org", " anna@Example.ORG "])
def test_password_has_no_further_tries_for_another_spelling(anna, spelling):
    use_up()
    assert not sign_in(Client(), spelling, REMOTE_ADDR=ELSEWHERE)


def test_password_tries_outlast_decoys_a_cleared_cache_and_a_restart(anna, hashed):
    for number in range(9):
        sign_in(Client(), password=WRONG, REMOTE_ADDR=f"203.0.113.{number}")
    for number in range(20):
        sign_in(Client(), f"decoy{number}@example.org", WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    for number in range(20, 400):  # Adds many more without hashing a password for each.
        assert take(*password_tries(request_from(f"198.51.100.{number % 200}"), f"decoy{number}@example.org"))
    cache.clear()
    del hashed[:]
    for number in range(5):
        sign_in(Client(), password=WRONG, REMOTE_ADDR=f"192.0.2.{number}")
    assert len(hashed) == 1


@pytest.mark.parametrize("neighbours", [["192.0.2.1"], ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"]])
def test_one_client_has_ten_tries_for_all_addresses(anna, hashed, neighbours):
    for number, remote in zip(range(15), itertools.cycle(neighbours), strict=False):
        sign_in(Client(), f"decoy{number}@example.org", WRONG, REMOTE_ADDR=remote)
    assert len(hashed) == 10
    assert sign_in(Client(), REMOTE_ADDR=ELSEWHERE)


def test_client_that_is_refused_uses_up_no_account(anna):
    for number in range(40):
        sign_in(Client(), f"decoy{number % 4}@example.org", WRONG)
    for _ in range(20):
        sign_in(Client(), password=WRONG)
    assert sign_in(Client(), REMOTE_ADDR=ELSEWHERE)


def test_success_uses_up_no_try(anna):
    assert all(sign_in(Client()) for _ in range(12))


def test_owner_gets_in_on_a_known_device(known_device):
    use_up()
    assert not sign_in(Client(), REMOTE_ADDR=ELSEWHERE)
    assert sign_in(known_device)


def test_known_device_gets_in_from_a_client_that_is_refused(known_device):
    for number in range(12):
        sign_in(Client(), f"decoy{number}@example.org", WRONG)
    assert not sign_in(Client())
    assert sign_in(known_device)


def test_known_device_has_ten_tries_of_its_own(known_device, hashed):
    for number in range(15):
        sign_in(known_device, password=WRONG, REMOTE_ADDR=f"203.0.113.{number}")
    assert len(hashed) == 10
    assert sign_in(Client(), REMOTE_ADDR=ELSEWHERE)


def test_known_device_is_void_after_a_change_of_the_password(known_device, anna):
    set_password(anna, "another long pass phrase")
    use_up()
    assert not sign_in(known_device, password="another long pass phrase")


def test_known_device_of_one_member_is_none_of_another(known_device):
    create_member("bob@example.org", PASSWORD)
    use_up("bob@example.org")
    assert not sign_in(known_device, "bob@example.org", REMOTE_ADDR=ELSEWHERE)


def test_known_device_remembers_each_member_who_signed_in(known_device):
    create_member("bob@example.org", PASSWORD)
    assert sign_in(known_device, "bob@example.org")
    known_device.post("/accounts/logout/")
    use_up()
    assert sign_in(known_device)


@pytest.mark.parametrize("value", ["", "forged", "a:b:c", "W10:1abc:x"])
def test_forged_device_is_no_device(anna, value):
    use_up()
    client = Client(REMOTE_ADDR=ELSEWHERE)
    client.cookies["device"] = value
    assert not sign_in(client)


@pytest.mark.parametrize(("secure", "name"), [(False, "device"), (True, "__Host-device")])
def test_device_cookie_is_out_of_reach_of_scripts_and_other_hosts(client, anna, settings, secure, name):
    settings.SESSION_COOKIE_SECURE = secure
    cookie = client.post(LOGIN, {"login": anna.email, "password": PASSWORD}).cookies[name]
    told = {key: cookie[key] for key in ("httponly", "secure", "samesite", "path", "domain")}
    assert told == {"httponly": True, "secure": secure or "", "samesite": "Lax", "path": "/", "domain": ""}
    assert anna.password not in cookie.value


def test_device_is_remembered_after_the_second_factor_alone(client, anna):
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    client.post(LOGIN, {"login": anna.email, "password": PASSWORD})
    assert "device" not in client.cookies
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "device" in client.cookies


def test_refused_sign_in_tells_the_other_ways_in(anna, mailed):
    use_up()
    known, free = (above_the_form(address) for address in (anna.email, "nobody@example.org"))
    for way in ("/accounts/login/link/", "on a device on which you have signed in before", "manage.py reset_password"):
        assert way in known
    use_up("nobody@example.org")
    assert above_the_form("nobody@example.org") == known != free


def above_the_form(address):
    """Return the HTML above the form on the page of a refused sign-in."""
    page = Client().post(LOGIN, {"login": address, "password": PASSWORD}).content.decode()
    return page.partition("<main")[2].partition("<form")[0]


def test_refused_sign_in_without_mail_offers_no_link(anna):
    use_up()
    page = Client().post(LOGIN, {"login": anna.email, "password": PASSWORD}).content.decode()
    assert ("/accounts/login/link/" in page, "manage.py reset_password" in page) == (False, True)


# Second factors


@pytest.fixture
def secret(anna):
    """The secret of Anna's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    return secret


def test_codes_have_ten_tries_over_all_browsers(anna, secret):
    guess_codes(secret, code_of(secret, right=False))
    client = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(client)
    assert not enter(client, code_of(secret))


def test_recovery_codes_share_the_tries(anna, secret):
    codes = RecoveryCodes.activate(anna)
    guess_codes(secret, "00000000")
    client = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(client)
    assert not enter(client, codes.get_unused_codes()[0])


def test_owner_enters_a_code_on_a_known_device(known_device, secret):
    guess_codes(secret, code_of(secret, right=False))
    sign_in(known_device)
    assert enter(known_device, code_of(secret))


def test_code_of_an_app_counts_once(anna, secret):
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
    assert (enter(first, code_of(secret)), enter(second, code_of(secret))) == (True, False)


# Confirmations

REFUSED = {"/accounts/settings/erase/": 4}
"""First digits of the status codes with which netcrm's own forms refuse; allauth's forms are shown again with 200."""


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("/accounts/reauthenticate/", {"password": PASSWORD}, {"password": WRONG}),
        (
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "another long pass phrase", "password2": "another long pass phrase"},
            {"oldpassword": WRONG},
        ),
        ("/accounts/settings/erase/", {"email": "anna@example.org", "password": PASSWORD}, {"password": WRONG}),
    ],
)
def test_password_asked_for_once_more_has_ten_tries_in_a_session(anna, hashed, path, fields, wrong):
    borrowed, own = Client(), Client()
    assert all(sign_in(client) for client in (borrowed, own))
    confirm(borrowed), confirm(own)
    use_up()
    del hashed[:]
    for _ in range(15):
        borrowed.post(path, {**fields, **wrong})
    assert (hashed, borrowed.post(path, fields).status_code // 100) == (["verify"] * 10, REFUSED.get(path, 2))
    assert own.post(path, fields).status_code == 302


def test_code_asked_for_once_more_has_ten_tries_in_a_session(anna, secret):
    client = Client()
    client.force_login(anna)
    path = "/accounts/2fa/reauthenticate/"
    for _ in range(10):
        client.post(path, {"code": code_of(secret, right=False)})
    assert client.post(path, {"code": code_of(secret)}).status_code == 200
    own = Client()
    own.force_login(anna)
    assert own.post(path, {"code": code_of(secret)}).status_code == 302


# Mails, and all other forms


@pytest.mark.parametrize("path", MAILS)
@pytest.mark.parametrize("address", ["anna@example.org", "nobody@example.org"])
def test_three_mails_to_an_address_may_be_asked_for(anna, mailed, path, address):
    answers = [
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(path, {"email": address}).status_code for number in range(5)
    ]
    assert (answers[:3], mailed.count()) == ([302] * 3, 3)
    refused = Client(REMOTE_ADDR=ELSEWHERE).post(path, {"email": address.upper()})
    assert (b"Several mails have been asked for already" in refused.content, mailed.count()) == (True, 3)


@pytest.mark.parametrize("path", MAILS)
def test_a_client_may_ask_for_twenty_mails_an_hour(mailed, path, monkeypatch):
    monkeypatch.setattr("accounts.signing_in.limits.FORMS", {})
    for number in range(25):
        Client().post(path, {"email": f"stranger{number}@example.org"})
    assert mailed.count() == 20


def test_three_sign_ups_of_an_address_send_mails(db, mailed, settings):
    settings.NETCRM_OPEN_SIGN_UP, settings.ACCOUNT_EMAIL_VERIFICATION = True, "mandatory"
    about = {"password1": PASSWORD, "name": "New", "language": "en", "time_zone": "UTC"}
    for number in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/signup/", {"email": "new@example.org", **about})
    assert mailed.count() == 3


def test_sign_in_with_an_address_that_is_not_confirmed_sends_three_mails(anna, mailed, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.update(verified=False)
    for _ in range(5):
        sign_in(Client())
    assert mailed.count() == 3


def test_member_may_ask_for_ten_changes_of_address_an_hour(anna_client, mailed):
    answers = [
        anna_client.post("/accounts/email/", {"action_add": "", "email": f"anna{number}@example.org"}).status_code
        for number in range(12)
    ]
    assert (answers[9:], mailed.filter(subject__contains="onfirm").count() <= 10) == ([302, 429, 429], True)


UNLIMITED = {
    "account_login": "limited by account, device and client in the adapter",
    "account_logout": "ends a session",
    "account_inactive": "says something",
    "account_email_verification_sent": "says something",
    "account_reset_password_done": "says something",
    "account_reset_password_from_key_done": "says something",
    "account_confirm_login_code": "leads to the login: this way of allauth's is switched off",
    "accounts:sign-in-link-sent": "says something",
    "admin:login": "leads to the login",
    "contacts:calendar_feed": "shows a calendar to its long secret",
    "favours:letter_link": "acts upon a signed secret and signs nobody in",
    "favours:letter_unsubscribe": "acts upon a signed secret and signs nobody in",
    "health": "says something",
    "health_of": "says something",
}
"""URLs open to guests whose forms no limit covers, with the reason."""


def test_every_form_open_to_guests_is_limited_or_says_why_not():
    names = set()
    for prefix, patterns in _by_namespace(get_resolver().url_patterns):
        names |= {f"{prefix}{pattern.name}" for pattern in patterns}
    assert names - FORMS.keys() == UNLIMITED.keys()


def _by_namespace(patterns, prefix=""):
    """Yield each namespace with its named patterns whose views are open to guests."""
    own = []
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _by_namespace(pattern.url_patterns, namespace)
        elif not getattr(pattern.callback, "login_required", True):
            own.append(pattern)
    yield prefix, own


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/key/1-abc/",
        "/accounts/confirm-email/abc/",
        "/accounts/join/never-made/",
        "/accounts/login/link/",
        "/accounts/login/link/never-made/",
        "/accounts/2fa/authenticate/",
        "/accounts/2fa/webauthn/login/",
    ],
)
def test_forms_answer_429_to_a_client_that_sends_too_many(db, path):
    answers = [Client(headers={"host": f"localhost:{8000 + number}"}).post(path) for number in range(21)]
    assert ({answer.status_code for answer in answers[:20]} & {429}, answers[20].status_code) == (set(), 429)
    assert (answers[20]["Retry-After"], TryCount.objects.count()) == ("60", 1)
    assert Client(REMOTE_ADDR=ELSEWHERE).post(path).status_code != 429


def test_code_that_set_the_app_up_is_used_up(anna, anna_client):
    anna_client.get("/accounts/2fa/totp/activate/")
    secret = anna_client.session["mfa.totp.secret"]
    code = code_of(secret)
    assert anna_client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    other = Client(REMOTE_ADDR=ELSEWHERE)
    other.post(LOGIN, {"login": anna.email, "password": PASSWORD})
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in other.session
