"""`manage.py create_member`."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.passwords import PASSWORD


def create(*arguments, monkeypatch, typed=""):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command("create_member", *arguments, stdout=out)
    return out.getvalue()


def test_create_member_reads_the_password_from_standard_input(db, monkeypatch):
    said = create("Bob@example.org", "--password-stdin", monkeypatch=monkeypatch, typed=f"{PASSWORD}\n")
    bob = User.objects.get()
    assert said == "bob@example.org is a member now.\n"
    assert (bob.check_password(PASSWORD), bob.is_superuser) == (True, False)
    assert Client().post("/accounts/login/", {"login": bob.email, "password": PASSWORD}).status_code == 302


def test_create_member_can_make_the_operator(db, monkeypatch):
    create("bob@example.org", "--operator", "--password-stdin", monkeypatch=monkeypatch, typed=PASSWORD)
    assert (User.objects.get().is_superuser, User.objects.get().is_staff) == (True, True)


def test_create_member_without_a_terminal_prints_a_link_to_set_the_password(db, client, monkeypatch, settings):
    said = create("bob@example.org", monkeypatch=monkeypatch)
    path = said.split()[-1].removeprefix(settings.BASE_URL)
    assert not User.objects.get().has_usable_password()
    form_path = client.get(path)["Location"]
    client.post(form_path, {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("email", "typed", "reason"),
    [
        ("ALICE@example.org", PASSWORD, "There is a member with the address ALICE@example.org already."),
        ("no address", PASSWORD, "Enter a valid email address."),
        ("bob@example.org", "", "Standard input holds no password."),
        ("bob@example.org", "short", "This password is too short. It must contain at least 10 characters."),
    ],
)
def test_create_member_refuses_bad_input_with_a_reason(alice, monkeypatch, email, typed, reason):
    with pytest.raises(CommandError, match=reason.replace(".", r"\.")) as refusal:
        create(email, "--password-stdin", monkeypatch=monkeypatch, typed=typed)
    assert (str(refusal.value), refusal.value.returncode, User.objects.count()) == (reason, 1, 1)
