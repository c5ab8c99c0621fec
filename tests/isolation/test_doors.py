"""Every door asks a borrowed session for the password first; no other page does."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, User
from contacts.models import CalendarFeed, Network
from tests.htmx import HTMX
from tests.isolation.addresses import all_addresses, doors
from tests.isolation.rows import Belongings, owned_rows
from tests.passwords import PASSWORD
from tests.signed_in import confirm, signed_in

pytestmark = pytest.mark.any_database

CONFIRM = "/accounts/reauthenticate/"
LASTS = 15 * 60
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def borrowed(alice: User) -> Client:
    """A browser in which somebody uses Alice's session without knowing her password."""
    alice.set_password(PASSWORD)
    alice.save()
    browser = Client()
    browser.force_login(alice)
    return browser


def asks(browser: Client, address: str, method: str) -> bool:
    response = getattr(browser, method)(address)
    return response.status_code == 302 and response["Location"].startswith(CONFIRM)


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_every_door_asks_a_borrowed_session(borrowed: Client, belongings: Belongings, method: str) -> None:
    before = owned_rows(belongings.network)
    assert [address for address in doors(belongings) if not asks(borrowed, address, method)] == []
    assert owned_rows(belongings.network) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_else_asks(borrowed: Client, belongings: Belongings, method: str) -> None:
    harmless = [address for address in all_addresses(belongings) if address not in doors(belongings)]
    assert [address for address in harmless if asks(borrowed, address, method)] == []


def test_confirmation_lasts_for_fifteen_minutes(borrowed: Client) -> None:
    export = reverse("favours:export")
    confirm(borrowed, ago=LASTS - 5)
    assert borrowed.get(export).status_code == 200
    confirm(borrowed, ago=LASTS + 5)
    assert asks(borrowed, export, "get")


def test_signing_in_is_no_confirmation_yet(borrowed: Client, alice: User) -> None:
    own = Client()
    own.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert asks(own, reverse("favours:export"), "get")


def test_confirming_leads_back_to_the_page(borrowed: Client) -> None:
    wanted = f"{reverse('favours:export')}?contact="
    response = borrowed.get(wanted)
    response = borrowed.post(response["Location"], {"password": PASSWORD, "next": wanted})
    assert response["Location"] == wanted


def test_what_was_typed_is_sent_again_after_confirming(borrowed: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    invitations = reverse("accounts:invitations")
    typed = {"email": 'o"brien@example.org', "words": ["one", "two"]}
    borrowed.post(invitations, typed)
    page = borrowed.post(CONFIRM, {"password": PASSWORD, "next": invitations}).content.decode()
    form = page[page.index("data-send-at-once") - 200 : page.index("</form>", page.index("data-send-at-once"))]
    assert f'action="{invitations}"' in form
    kept = [(name, unescape(value)) for name, value in FIELD.findall(form) if name != "csrfmiddlewaretoken"]
    assert kept == [("email", 'o"brien@example.org'), ("words", "one"), ("words", "two")]
    assert borrowed.post(invitations, {"email": "olga@example.org"}).status_code == 200
    assert Invitation.objects.count() == 1


def test_passwords_are_not_kept_in_the_session(borrowed: Client) -> None:
    borrowed.post(reverse("accounts:erase"), {"email": "alice@example.org", "password": "typed"})
    assert "typed" not in str(dict(borrowed.session))
    assert "alice@example.org" in str(dict(borrowed.session))


def test_a_page_that_is_only_read_forgets_what_was_typed_before(borrowed: Client) -> None:
    borrowed.post(reverse("contacts:calendar"), {"act": "make"})
    response = borrowed.get(reverse("favours:export"))
    response = borrowed.post(response["Location"], {"password": PASSWORD, "next": reverse("favours:export")})
    assert response["Location"] == reverse("favours:export")


def test_htmx_is_led_to_the_question_and_back_to_its_page(borrowed: Client, belongings: Belongings) -> None:
    written = reverse("favours:export_written", args=[belongings.export.uuid])
    page = f"{written}?from=here"
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{page}"}
    response = borrowed.get(written, headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (200, f"{CONFIRM}?{urlencode({'next': page})}")


def test_wrong_password_opens_no_door(borrowed: Client, network: Network) -> None:
    borrowed.post(reverse("contacts:calendar"), {"act": "make"})
    assert borrowed.post(CONFIRM, {"password": "guessed"}).status_code == 200
    assert asks(borrowed, reverse("contacts:calendar"), "post")
    assert not CalendarFeed.objects.filter(network=network).exists()


def test_member_without_any_password_signs_in_by_mail_again(alice: User) -> None:
    assert signed_in(alice).get(reverse("favours:export")).status_code == 200
    borrowed = Client()
    borrowed.force_login(alice)
    response = borrowed.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert response["Location"].startswith(reverse("accounts:request-sign-in-link"))
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_operator_confirms_before_opening_accounts(borrowed: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)
    assert asks(borrowed, "/admin/accounts/user/", "post")


def test_the_stated_time_is_the_setting() -> None:
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == LASTS
