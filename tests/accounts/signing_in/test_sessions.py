"""Sessions: they expire when unused, name their browsers in words, and can be ended one by one."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone, translation

from accounts.signing_in.sessions import LAST_USED, SINCE, browser_in_words
from tests.accounts.browsers import sign_in
from tests.passwords import PASSWORD

PAGE = "/accounts/sessions/"
END = "/accounts/sessions/end/"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36"
ANDROID = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Mobile Safari/537.36"
TWO_WEEKS = 14 * 24 * 3600
LONGEST = 90 * 24 * 3600


@pytest.fixture
def linux(anna):
    client = Client(headers={"user-agent": LINUX})
    assert sign_in(client)
    return client


@pytest.fixture
def phone(anna):
    client = Client(headers={"user-agent": PHONE})
    assert sign_in(client)
    return client


def row_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def is_signed_in(client):
    return get_user(client).is_authenticated


def expiry_of(client):
    return Session.objects.get(session_key=client.session.session_key).expire_date


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (LINUX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (WINDOWS, "Chrome on Windows"),
        (WINDOWS + " Edg/138.0", "Edge on Windows"),
        (ANDROID, "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_browser_is_named_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words


@pytest.mark.parametrize(("language", "words"), [("en", "last used yesterday"), ("de", "zuletzt benutzt: gestern")])
def test_page_names_sessions_and_their_last_use(anna, linux, phone, language, words):
    anna.language = language
    anna.save()
    UserSession.objects.filter(pk=row_of(phone).pk).update(last_seen_at=timezone.now() - timedelta(days=1))
    with translation.override(language):
        page = linux.get(PAGE).content.decode()
    assert ("Linux" in page, "iPhone" in page, words in " ".join(page.split())) == (True, True, True)
    assert "Mozilla" not in page


def test_one_session_is_ended_and_the_others_stay(linux, phone):
    third = Client()
    assert sign_in(third)
    assert linux.post(END, {"session": row_of(phone).pk})["Location"] == PAGE
    assert [is_signed_in(client) for client in (linux, phone, third)] == [True, False, True]


def test_all_others_are_ended_at_once(linux, phone):
    third = Client()
    assert sign_in(third)
    linux.post(PAGE)
    assert [is_signed_in(client) for client in (linux, phone, third)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(linux, mallory_client):
    assert mallory_client.post(END, {"session": row_of(linux).pk}).status_code == 404
    assert is_signed_in(linux)


@pytest.mark.parametrize("named", ["", "x", "-1", "9" * 30, "²"])
def test_no_session_is_named(linux, named):
    assert linux.post(END, {"session": named}).status_code == 404


def test_session_ends_after_two_weeks_without_a_request(linux, settings):
    assert settings.SESSION_COOKIE_AGE == TWO_WEEKS
    linux.get("/accounts/settings/")
    left = (expiry_of(linux) - timezone.now()).total_seconds()
    assert TWO_WEEKS - 60 < left <= TWO_WEEKS


def test_setting_decides_and_each_use_extends(linux, settings):
    settings.SESSION_COOKIE_AGE = 1800
    session = linux.session
    session[LAST_USED] = time.time() - 1000
    session.save()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=3))
    response = linux.get("/accounts/settings/")
    left = (expiry_of(linux) - timezone.now()).total_seconds()
    assert 1740 < left <= 1800
    assert response.cookies["sessionid"]["max-age"] == 1800
    assert timezone.now() - row_of(linux).last_seen_at < timedelta(minutes=1)


def test_session_that_nobody_used_is_over(linux):
    Session.objects.filter(session_key=linux.session.session_key).update(expire_date=timezone.now())
    assert linux.get("/accounts/settings/").status_code == 302


def test_use_is_not_stored_with_every_page(linux):
    linux.get("/accounts/settings/")
    before = row_of(linux).last_seen_at
    linux.get("/accounts/settings/")
    assert row_of(linux).last_seen_at == before


def grow_old(client, seconds):
    session = client.session
    session[SINCE] -= seconds
    session.save()


def test_session_ends_after_ninety_days_however_much_it_is_used(linux, settings):
    assert settings.NETCRM_LONGEST_SESSION == LONGEST
    grow_old(linux, LONGEST - 60)
    assert linux.get("/accounts/settings/").status_code == 200
    key = linux.session.session_key
    grow_old(linux, 60)
    assert linux.get("/accounts/settings/")["Location"] == "/accounts/login/?next=/accounts/settings/"
    assert not Session.objects.filter(session_key=key).exists()
    assert sign_in(linux)
    assert linux.get("/accounts/settings/").status_code == 200


def test_setting_decides_how_long_a_session_lasts(linux, settings):
    settings.NETCRM_LONGEST_SESSION = 3600
    grow_old(linux, 3601)
    assert linux.get("/accounts/settings/").status_code == 302


def test_confirmation_gives_the_session_another_key(linux):
    before = linux.session.session_key
    assert linux.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert linux.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert row_of(linux).pk
    assert is_signed_in(linux)


def test_wrong_password_keeps_the_key(linux):
    before = linux.session.session_key
    linux.post("/accounts/reauthenticate/", {"password": "not the right one"})
    assert linux.session.session_key == before


def test_signing_out_clears_what_the_browser_keeps(linux):
    assert "Clear-Site-Data" not in linux.get("/accounts/settings/")
    assert linux.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in linux.get("/accounts/login/")
