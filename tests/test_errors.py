"""The answers when a request fails."""

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client

ENTRY = {"mode": "give", "kind": "tip", "people": "Anna"}
AWAY = "netcrm can't reach its database just now. What was saved is safe. Please try again in a minute."


def fail(*_arguments: object, **_options: object) -> None:
    raise OperationalError("the connection is lost")


@pytest.fixture
def client(alice_client: Client) -> Client:
    """Alice's browser, which is answered when a request fails as any browser is."""
    alice_client.raise_request_exception = False
    return alice_client


def test_database_away_answers_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("favours.forms.log_help", fail)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (503, "30", AWAY)


def test_database_gone_while_the_session_is_saved_answers_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "save", fail)
    answer = client.post("/log/", ENTRY)
    assert (answer.status_code, answer.text) == (503, AWAY)


def test_bad_request_answers_400(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example.org"}).status_code == 400


def test_other_failure_answers_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("favours.forms.log_help", lambda *_arguments, **_options: 1 / 0)
    assert client.post("/log/", ENTRY).status_code == 500
