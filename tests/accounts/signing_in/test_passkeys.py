"""Passkeys are offered at addresses where they work; other pages name such an address."""

import pytest
from django.conf import settings as real_settings

from accounts.signing_in.passkeys import passkeys_at

PAGES = ["/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/"]
BUTTONS = ("passkey_login", "/accounts/2fa/webauthn/add/", "add_key")


@pytest.mark.parametrize(
    ("address", "work"),
    [
        ("http://localhost:8000", True),
        ("http://netcrm.localhost", True),
        ("https://netcrm.example.org", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("https://192.0.2.1", False),
        ("http://netcrm.example.org", False),
    ],
)
def test_passkeys_need_a_name_and_https(address, work):
    assert passkeys_at(address).work_here is work


def test_default_address_is_one_where_they_work():
    assert f"http://localhost:{real_settings.PORT}" == real_settings.BASE_URL
    assert passkeys_at(real_settings.BASE_URL).work_here


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000"])
def test_pages_say_where_they_work(client, anna_client, settings, host):
    settings.BASE_URL = "http://localhost:8000"
    guest_page = type(client)().get("/accounts/login/", headers={"host": host}).content.decode()
    pages = [guest_page, *(anna_client.get(page, headers={"host": host}).content.decode() for page in PAGES)]
    for page in pages:
        assert '<a href="http://localhost:8000">http://localhost:8000</a>' in page
        assert [button for button in BUTTONS if f'"{button}"' in page] == []


def test_pages_say_what_is_missing_where_none_works(client, settings):
    settings.BASE_URL = "http://192.0.2.1:8000"
    page = client.get("/accounts/login/", headers={"host": "127.0.0.1"}).content.decode()
    assert "they need https and a name instead of a number" in page


def test_pages_offer_them_where_they_work(client, anna_client):
    here = {"host": "localhost:8000"}
    assert '"passkey_login"' in type(client)().get("/accounts/login/", headers=here).content.decode()
    assert '"/accounts/2fa/webauthn/add/"' in anna_client.get(PAGES[0], headers=here).content.decode()
    assert '"add_key"' in anna_client.get(PAGES[2], headers=here).content.decode()
