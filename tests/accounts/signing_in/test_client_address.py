"""The client address by which limits count: nothing that the client itself sends is trusted."""

import pytest
from django.test import Client, RequestFactory

from accounts.signing_in.client_address import TooFewProxiesError, client_address, client_network
from tests.passwords import PASSWORD


def asked(forwarded=None, remote="192.0.2.1", proxies=0, *, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        (None, 0, "192.0.2.1"),
        ("198.51.100.7", 0, "192.0.2.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.1", 2, "198.51.100.7"),
        ("198.51.100.7:4711", 1, "198.51.100.7"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("::ffff:198.51.100.7", 1, "198.51.100.7"),
        ("fe80::1%eth0", 1, "fe80::1"),
        ("nonsense", 1, "192.0.2.1"),
    ],
)
def test_client_address_is_what_our_own_proxies_saw(forwarded, proxies, client, settings):
    assert client_address(asked(forwarded, proxies=proxies, settings=settings)) == client


@pytest.mark.parametrize(("forwarded", "proxies"), [(None, 1), ("", 1), (" , ", 2), ("198.51.100.7", 2)])
def test_fewer_proxies_than_expected_tell_nobody(forwarded, proxies, settings):
    with pytest.raises(TooFewProxiesError):
        client_address(asked(forwarded, proxies=proxies, settings=settings))


@pytest.mark.parametrize("came", [{}, {"headers": {"X-Forwarded-For": "198.51.100.7"}}, {"REMOTE_ADDR": ""}])
def test_too_many_expected_proxies_are_answered_by_400(anna, settings, caplog, came):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    browser = Client(raise_request_exception=False)
    answers = {
        name: browser.post(f"/accounts/{name}/", {"login": anna.email, "password": PASSWORD}, **came).status_code
        for name in ("login", "signup", "password/reset", "login/link", "2fa/webauthn/login")
    }
    assert answers == dict.fromkeys(answers, 400)
    assert "NETCRM_TRUSTED_PROXIES is 3" in caplog.text
    assert browser.get("/health/db/", **came).status_code == 200


def test_sign_in_over_a_socket_without_proxies(anna, settings):
    browser = Client(raise_request_exception=False)
    answer = browser.post("/accounts/login/", {"login": anna.email, "password": PASSWORD}, REMOTE_ADDR="")
    assert answer.status_code == 302


def test_client_address_over_a_socket_is_empty(settings):
    assert client_network(asked(remote="", settings=settings)) == ""


def test_limits_count_by_the_64_bits_that_a_client_is_given(settings):
    networks = {client_network(asked(remote=f"2001:db8:1:2::{end}", settings=settings)) for end in ("1", "ffff:2")}
    assert networks == {"2001:db8:1:2::/64"}
    assert client_network(asked(remote="2001:db8:1:3::1", settings=settings)) == "2001:db8:1:3::/64"
