"""A letter's links: each does one thing at the press of a button, for anyone who has the mail."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client

from accounts.models import OutgoingMail
from favours.digest import links
from favours.digest.sending import due_networks, write_letters
from favours.digest.timing import settings_of
from favours.models import Favour, UsedLink
from tests.calendar import SEVEN
from tests.isolation.rows import owned_rows


@pytest.fixture
def guest():
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def mail(network, people, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: SEVEN.timestamp())
    write_letters(due_networks(SEVEN, 10), SEVEN)
    return OutgoingMail.objects.get()


def path(mail, act):
    return urlsplit(re.search(rf"\S+/letter/{act}/\S+", mail.text).group()).path


ACTS = ["ask", "log", "still", "settled", "ask-about"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_link_changes_nothing_when_it_is_opened(mail, network, guest, act, method):
    before = owned_rows(network)
    assert getattr(guest, method)(path(mail, act)).status_code == 200
    assert owned_rows(network) == before


def test_link_shows_a_guest_no_more_than_the_mail(mail, guest, people):
    page = guest.get(path(mail, "log")).content.decode()
    assert [name for name in ("Jana Stein", "Markus Holm", "Lea Brandt", "Omar Said") if name in page] == [
        "Jana Stein",
        "Markus Holm",
    ]


def test_log_link_logs_once(mail, network, guest):
    address = path(mail, "log")
    assert [guest.post(address).status_code for _tap in range(2)] == [200, 410]
    favour = network.favours.get()
    assert (favour.direction, favour.kind) == (Favour.Direction.GIVE, Favour.Kind.INTRODUCTION)
    assert guest.get(address).status_code == 410


def test_still_link_renews_and_settled_link_closes(mail, network, guest, people):
    topic = network.topics.get(contact=people[3])
    assert guest.post(path(mail, "still")).status_code == 200
    topic.refresh_from_db()
    assert topic.renewed_on == network.today()
    assert guest.post(path(mail, "settled")).status_code == 200
    topic.refresh_from_db()
    assert topic.closed_on == network.today()


def test_ask_link_notes_that_the_member_asked(mail, network, guest):
    assert guest.post(path(mail, "ask")).status_code == 200
    assert network.suggestions.exclude(asked_at=None).count() == 1


def test_ask_about_link_has_nothing_to_change(mail, network, guest):
    before = owned_rows(network)
    assert guest.post(path(mail, "ask-about")).status_code == 200
    assert owned_rows(network) == before


@pytest.mark.parametrize("act", ACTS)
def test_link_that_was_tampered_with_is_refused(mail, guest, act):
    address = path(mail, act)
    assert guest.post(address[:-2] + ("A" if address[-2] != "A" else "B") + "/").status_code == 404


def test_link_is_bound_to_its_act(mail, guest):
    assert guest.post(path(mail, "ask").replace("/ask/", "/log/")).status_code == 404
    assert guest.get("/letter/erase/token/").status_code == 404


def test_link_is_good_for_14_days(mail, guest, monkeypatch):
    for seconds, status in ((-1, 200), (1, 410)):
        at = SEVEN + links.GOOD_FOR + timedelta(seconds=seconds)
        monkeypatch.setattr(signing.time, "time", lambda at=at: at.timestamp())
        assert guest.get(path(mail, "log")).status_code == status


def test_link_about_somebody_renamed_or_gone_is_void(mail, guest, people):
    people[0].display_name = "Jana Holm"
    people[0].save()
    assert guest.post(path(mail, "log")).status_code == 410


def test_link_needs_a_csrf_token(mail):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(mail, "log")).status_code == 403


def test_unsubscribe_takes_one_click_without_cookies(mail, network):
    address = urlsplit(mail.headers["List-Unsubscribe"].strip("<>")).path
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 200
    assert settings_of(network).is_on is True
    for _time in range(2):
        assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert settings_of(network).is_on is False
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_unsubscribe_never_expires(mail, network, guest, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: SEVEN.timestamp() * 2)
    assert guest.post(urlsplit(mail.headers["List-Unsubscribe"].strip("<>")).path).status_code == 200


def test_unsubscribe_that_was_tampered_with_is_refused(mail, network, guest):
    assert guest.post(f"/letter/unsubscribe/{network.uuid.hex}:x/").status_code == 404


def test_used_links_are_forgotten_when_they_are_too_old_anyway(mail, guest):
    guest.post(path(mail, "log"))
    UsedLink.objects.update(created_at=SEVEN - links.GOOD_FOR)
    links.forget_used_links()
    assert UsedLink.objects.count() == 1
    UsedLink.objects.update(created_at=SEVEN - links.GOOD_FOR - timedelta(days=1, seconds=1))
    links.forget_used_links()
    assert UsedLink.objects.count() == 0
