"""The responses when a request fails."""

import errno
import json
import tempfile
from collections.abc import Callable

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryUploadedFile
from django.db import OperationalError
from django.test import Client

from accounts.models import User

ENTRY = {"mode": "give", "kind": "tip", "people": "Anna"}
AWAY = "netcrm can't reach its database just now. What was saved is safe. Please try again in a minute."
FULL = {
    "en": "The disk that netcrm writes to is full, so this could not be saved. What was saved before is safe. Please "
    "tell whoever runs netcrm that it needs room, then try again.",
    "de": "Die Festplatte, auf die netcrm schreibt, ist voll; das hier konnte nicht gespeichert werden. Was vorher "
    "gespeichert war, ist sicher. Sag bitte der Person, die netcrm betreibt, dass es Platz braucht, und versuch es "
    "dann noch einmal.",
}


def fill(*_arguments: object, **_options: object) -> None:
    raise OperationalError("full") from psycopg.errors.DiskFull("could not extend file")


def refuse(*_arguments: object, **_options: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def fail(*_arguments: object, **_options: object) -> None:
    raise OperationalError("the connection is lost")


@pytest.fixture
def client(alice_client: Client) -> Client:
    """Alice's browser, which receives error pages as any browser does."""
    alice_client.raise_request_exception = False
    return alice_client


def test_database_away_answers_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("favours.forms.entry.log_help", fail)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (503, "30", AWAY)


def test_database_gone_while_the_session_is_saved_answers_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "save", fail)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.text) == (503, AWAY)


@pytest.mark.parametrize("language", ["en", "de"])
def test_full_disk_is_told_in_the_members_language(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    monkeypatch.setattr("favours.forms.entry.log_help", fill)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (503, "30", FULL[language])


def test_full_disk_while_the_session_is_saved_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "save", fill)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.text) == (503, FULL["en"])


def test_full_disk_of_temporary_files_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large upload is written to a temporary file while the request is read."""
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", refuse)
    answer = client.post("/contacts/import/", {"file": SimpleUploadedFile("x.vcf", bytes(3_000_000))})
    assert (answer.status_code, answer.text) == (503, FULL["en"])


@pytest.mark.parametrize(
    ("act", "status", "state"), [(tempfile.TemporaryFile, 200, "ok"), (refuse, 503, "full")], ids=["room", "full"]
)
def test_health_tells_of_a_full_disk(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, act: Callable[..., object], status: int, state: str
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", act)
    answer = client.get("/health/disk/")
    assert (answer.status_code, json.loads(answer.text)) == (status, {"well": status == 200, "checks": {"disk": state}})


def test_bad_request_answers_400(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example.org"}).status_code == 400


@pytest.mark.parametrize(("signed_in", "navigation"), [(True, 1), (False, 0)])
def test_address_of_nothing_leads_back(client: Client, signed_in: bool, navigation: int) -> None:
    if not signed_in:
        client.logout()
    answer = client.get("/contacts/00000000-0000-0000-0000-000000000000/nothing/")
    page = (answer.text.count("<h1>Nothing here</h1>"), answer.text.count('class="destinations"'))
    assert (answer.status_code, page) == (404, (1, navigation))


def test_page_from_before_signing_in_says_what_to_do(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.text.count("<h1>This page was too old</h1>")) == (403, 1)


def test_other_failure_answers_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("favours.forms.entry.log_help", lambda *_arguments, **_options: 1 / 0)
    assert client.post("/log/", ENTRY).status_code == 500
