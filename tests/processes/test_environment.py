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


@pytest.mark.parametrize(
    "text",
    ["8000", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "::1:8000", "http://127.0.0.1:8000", "unix:", "a b:80"],
)
def test_bind_refuses(env, text):
    env.variables["NETCRM_BIND"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_BIND is .* such as 127\.0\.0\.1:8000"):
        env.bind("NETCRM_BIND", default="")


@pytest.mark.parametrize(
    "text", ["127.0.0.1:8000", "[::1]:8000", "localhost:80", "unix:/run/netcrm/web.sock", "fd://3"]
)
def test_bind_takes_what_gunicorn_takes(env, text):
    env.variables["NETCRM_BIND"] = text
    assert env.bind("NETCRM_BIND", default="") == text


@pytest.mark.parametrize(
    "address",
    [
        "smtp://:25",
        "submission://anna@mail.example.org",
        "submission://anna:@mail.example.org",
        "submission://:secret@mail.example.org",
        "submission://anna:sec/ret@mail.example.org",
        "submission://anna:sec?ret@mail.example.org",
        "submission://anna:sec ret@mail.example.org",
        "smtp://mail.example.org/inbox",
    ],
)
def test_mail_server_refuses_half_of_one(env, address):
    env.variables["NETCRM_MAIL_URL"] = address
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_MAIL_URL has .*") as problem:
        env.mail_server("NETCRM_MAIL_URL")
    assert "sec" not in str(problem.value)


@pytest.mark.parametrize(
    "text", ["netcrm", "netcrm <netcrm>", "a@b@c", "<>", "netcrm <a@example.org", "a@example.org, b@example.org"]
)
def test_sender_refuses(env, text):
    env.variables["NETCRM_MAIL_FROM"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_MAIL_FROM is no sender"):
        env.sender("NETCRM_MAIL_FROM", default="")


@pytest.mark.parametrize("text", ["netcrm@example.org", "netcrm <netcrm@localhost>", "Grüße vom Netz <a@example.org>"])
def test_sender_takes_an_address_with_or_without_a_name(env, text):
    env.variables["NETCRM_MAIL_FROM"] = text
    assert env.sender("NETCRM_MAIL_FROM", default="") == text


@pytest.mark.parametrize(
    "text", ["https://example.org/netcrm", "https://example.org?a", "https://u:p@example.org", "https://:8000"]
)
def test_base_url_refuses_more_than_a_host(env, text):
    env.variables["NETCRM_BASE_URL"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_BASE_URL "):
        env.base_url("NETCRM_BASE_URL", default="")


@pytest.mark.parametrize("text", ["https://example.org", "example.org:8000", "example.org/", "*"])
def test_host_names_refuses_addresses(env, text):
    env.variables["NETCRM_ALLOWED_HOSTS"] = f"netcrm.example.org, {text}"
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_ALLOWED_HOSTS has "):
        env.host_names("NETCRM_ALLOWED_HOSTS", default=[])


@pytest.mark.parametrize("text", ["redis://broker/first", "redis://:6379", "redis://:pass/word@broker:6379/0"])
def test_broker_refuses(env, text):
    env.variables["REDIS_URL"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^REDIS_URL has ") as problem:
        env.broker("REDIS_URL")
    assert "word" not in str(problem.value).replace("password", "")


@pytest.mark.parametrize(
    "text", ["postgres://database", "postgres://database/", "postgres:///netcrm", "postgres://a/b/c"]
)
def test_database_refuses_half_of_one(env, text):
    env.variables["DATABASE_URL"] = text
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL has "):
        env.database("DATABASE_URL")


def test_password_may_stand_beside_its_url(env):
    env.variables |= {
        "DATABASE_URL": "postgres://netcrm@database/netcrm",
        "REDIS_URL": "redis://broker:6379/0",
        "NETCRM_MAIL_URL": "submission://anna@mail.example.org",
    }
    assert env.database("DATABASE_URL", password="p:/@ss")["PASSWORD"] == "p:/@ss"
    assert env.broker("REDIS_URL", password="p:/@ss") == "redis://:p%3A%2F%40ss@broker:6379/0"
    assert env.mail_server("NETCRM_MAIL_URL", password="p:/@ss")["password"] == "p:/@ss"


@pytest.mark.parametrize("address", ["", "postgres://netcrm:one@database/netcrm"])
def test_password_beside_its_url_stands_there_once(env, address):
    env.variables["DATABASE_URL"] = address
    with pytest.raises(ImproperlyConfigured, match=r"^There is a password beside DATABASE_URL, but") as problem:
        env.database("DATABASE_URL", password="secret")
    assert "secret" not in str(problem.value)


def test_value_may_stand_in_a_file(env, tmp_path):
    file = tmp_path / "key"
    file.write_text("a secret\n")
    env.variables["NETCRM_SECRET_KEY_FILE"] = str(file)
    assert env.text("NETCRM_SECRET_KEY", default="") == "a secret"
    env.variables["NETCRM_SECRET_KEY"] = "another"
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_SECRET_KEY and NETCRM_SECRET_KEY_FILE are both set"):
        env.text("NETCRM_SECRET_KEY", default="")


def test_empty_file_counts_as_not_set(env, tmp_path):
    (tmp_path / "empty").write_text("\n")
    env.variables["NETCRM_MAIL_PASSWORD_FILE"] = str(tmp_path / "empty")
    assert env.text("NETCRM_MAIL_PASSWORD", default="") == ""


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
def test_file_that_can_not_be_read_is_named(env, tmp_path, content):
    if content:
        (tmp_path / "key").write_bytes(content)
    env.variables["NETCRM_SECRET_KEY_FILE"] = str(tmp_path / "key")
    with pytest.raises(ImproperlyConfigured, match=r"^NETCRM_SECRET_KEY_FILE names .*, which can't be read \("):
        env.text("NETCRM_SECRET_KEY", default="")
