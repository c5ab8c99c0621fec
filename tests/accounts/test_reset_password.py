"""`manage.py reset_password`: lets a member back in on an instance without mail."""

import io

import pytest
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.test import Client

from tests.accounts.browsers import ELSEWHERE, sign_in, use_up
from tests.passwords import PASSWORD

pytestmark = pytest.mark.usefixtures("quick_hashes")

NEW = "another long pass phrase"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def reset(*arguments, monkeypatch, stdin=None):
    monkeypatch.setattr("sys.stdin", stdin or io.StringIO())
    out = io.StringIO()
    call_command("reset_password", *arguments, stdout=out)
    return out.getvalue()


def test_reset_password_asks_without_showing_and_lets_in_at_once(anna, monkeypatch):
    asked = []
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or NEW)
    use_up()
    said = reset("ANNA@example.org", monkeypatch=monkeypatch, stdin=Terminal())
    assert (asked, NEW in said) == (["Password for anna@example.org: ", "Once more: "], False)
    assert not sign_in(Client(REMOTE_ADDR=ELSEWHERE))
    assert sign_in(Client(REMOTE_ADDR=ELSEWHERE), password=NEW)


def test_reset_password_signs_out_everywhere(anna, anna_client, monkeypatch):
    reset(anna.email, "--password-stdin", monkeypatch=monkeypatch, stdin=io.StringIO(f"{NEW}\n"))
    assert not get_user(anna_client).is_authenticated


@pytest.mark.parametrize("arguments", [[], ["--link"]])
def test_reset_password_prints_a_link_that_works_once(anna, monkeypatch, settings, arguments):
    use_up()
    said = reset(anna.email, *arguments, monkeypatch=monkeypatch, stdin=Terminal() if arguments else None)
    path = said.split()[-1].removeprefix(settings.BASE_URL)
    client = Client()
    form_path = client.get(path)["Location"]
    client.post(form_path, {"password1": NEW, "password2": NEW})
    assert sign_in(Client(REMOTE_ADDR=ELSEWHERE), password=NEW)
    assert b"no longer works" in Client().get(path).content


@pytest.mark.parametrize(
    ("email", "typed", "reason"),
    [
        ("nobody@example.org", NEW, "There is no member with the address nobody@example.org."),
        ("anna@example.org", "", "Standard input holds no password."),
        ("anna@example.org", "short", "This password is too short. It must contain at least 10 characters."),
    ],
)
def test_reset_password_refuses_with_a_reason(anna, monkeypatch, email, typed, reason):
    with pytest.raises(CommandError) as refusal:
        reset(email, "--password-stdin", monkeypatch=monkeypatch, stdin=io.StringIO(typed))
    anna.refresh_from_db()
    assert (str(refusal.value), anna.check_password(PASSWORD)) == (reason, True)


def test_new_password_by_mail_lets_in_at_once(anna, client, outbox):
    use_up()
    client.post("/accounts/password/reset/", {"email": anna.email})
    link = next(word for word in outbox.get().text.split() if "/key/" in word)
    client.post(client.get("/" + link.split("/", 3)[3])["Location"], {"password1": NEW, "password2": NEW})
    assert sign_in(Client(REMOTE_ADDR=ELSEWHERE), password=NEW)
