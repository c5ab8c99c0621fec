"""Reading the environment: unusable values are reported with a remedy before anything starts."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from netcrm.environment import Environment


@pytest.fixture
def env():
    return Environment({})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("80a", "NETCRM_PORT is '80a'. Set it to a whole number from 1 to 65535."),
        ("0", "NETCRM_PORT is '0'. Set it to a whole number from 1 to 65535."),
        ("65536", "NETCRM_PORT is '65536'. Set it to a whole number from 1 to 65535."),
    ],
)
def test_whole_number_names_its_bounds(env, text, told):
    env.variables["NETCRM_PORT"] = text
    with pytest.raises(ImproperlyConfigured) as problem:
        env.whole_number("NETCRM_PORT", default=8000, least=1, most=65535)
    assert str(problem.value) == told


def test_variable_set_to_nothing_counts_as_not_set(env):
    env.variables["NETCRM_PORT"] = ""
    assert env.whole_number("NETCRM_PORT", default=8000, least=1) == 8000


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "often"])
def test_positive_refuses(env, text):
    env.variables["NETCRM_SWEEP_SECONDS"] = text
    with pytest.raises(ImproperlyConfigured) as problem:
        env.positive("NETCRM_SWEEP_SECONDS", default=60.0)
    told = f"NETCRM_SWEEP_SECONDS is '{text}'. Set it to a number above 0, with a point for decimals."
    assert str(problem.value) == told


@pytest.mark.parametrize(("text", "is_on"), [("true", True), ("On", True), ("1", True), ("no", False), ("", False)])
def test_switch_reads(env, text, is_on):
    env.variables["NETCRM_OPEN_SIGN_UP"] = text
    assert env.switch("NETCRM_OPEN_SIGN_UP", default=False) is is_on


def test_switch_refuses_other_words(env):
    env.variables["NETCRM_OPEN_SIGN_UP"] = "ja"
    with pytest.raises(ImproperlyConfigured, match=r"Set it to true or false\.$"):
        env.switch("NETCRM_OPEN_SIGN_UP", default=False)


@pytest.mark.parametrize("text", ["example.org", "ftp://example.org", "https://", "https://example.org:eighty"])
def test_address_refuses(env, text):
    env.variables["NETCRM_BASE_URL"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_BASE_URL has .*docs/settings\.md has examples\.$"):
        env.address("NETCRM_BASE_URL", default="", schemes=("http", "https"))


def test_address_keeps_passwords_out_of_its_message(env):
    env.variables["DATABASE_URL"] = "postgres://netcrm:secret#word@database:5432/netcrm"
    with pytest.raises(ImproperlyConfigured) as problem:
        env.address("DATABASE_URL", default="", schemes=("postgres", "postgresql"))
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize(
    ("address", "port", "starttls", "tls"),
    [
        ("submission://anna%40example.org:p%3Ass@mail.example.org:587", 587, True, False),
        ("submission://anna%40example.org:p%3Ass@mail.example.org", 587, True, False),
        ("smtps://anna%40example.org:p%3Ass@mail.example.org", 465, False, True),
        ("smtp://anna%40example.org:p%3Ass@mail.example.org:2525", 2525, False, False),
    ],
)
def test_mail_server_reads_the_schemes_that_the_settings_page_names(env, address, port, starttls, tls):
    env.variables["NETCRM_MAIL_URL"] = address
    assert env.mail_server("NETCRM_MAIL_URL") == {
        "host": "mail.example.org",
        "port": port,
        "username": "anna@example.org",
        "password": "p:ss",
        "use_tls": starttls,
        "use_ssl": tls,
    }


def test_mail_server_is_none_without_the_variable(env):
    assert env.mail_server("NETCRM_MAIL_URL") is None


def test_time_zone_refuses_what_is_none(env):
    env.variables["NETCRM_TIME_ZONE"] = "Berlin"
    with pytest.raises(ImproperlyConfigured, match="Set it to a name like Europe/Berlin"):
        env.time_zone("NETCRM_TIME_ZONE", default="Europe/Berlin")


def test_log_level_refuses_what_is_none(env):
    env.variables["NETCRM_LOG_LEVEL"] = "loud"
    with pytest.raises(ImproperlyConfigured, match="Set it to one of DEBUG, INFO, WARNING, ERROR, CRITICAL"):
        env.log_level("NETCRM_LOG_LEVEL", default="INFO")
