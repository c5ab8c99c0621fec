"""The log contains no personal data: neither user input, nor URLs with words or secrets in them."""

import io
import logging
import sqlite3
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.utils.module_loading import import_string
from gunicorn.config import Config

from accounts.models import User
from contacts.models import Network
from netcrm.web import PrivateLogger

SECRET = "Annabel"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log at level INFO, in the format of the settings."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    plain = settings.LOGGING["formatters"]["plain"]
    handler.setFormatter(import_string(plain["class"])(plain["format"]))
    root, django = logging.getLogger(), logging.getLogger("django")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)
    assert django.propagate


@pytest.fixture
def client(alice_client: Client) -> Client:
    """Alice's browser, which receives error pages as any browser does."""
    alice_client.raise_request_exception = False
    return alice_client


def test_log_tells_no_text_of_a_failure(client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        try:
            raise IntegrityError(f"Key (name)=({SECRET}) already exists.")
        except IntegrityError as problem:
            raise ValidationError(f"There is a {SECRET} already.") from problem

    monkeypatch.setattr("favours.views.quick_log.QuickLogForm", fail)
    assert client.post(f"/log/?q={SECRET}", {"people": SECRET}).status_code == 500
    written = log.getvalue()
    assert SECRET not in written
    assert "ERROR django.request: Internal Server Error: /log/\n" in written
    assert "\ndjango.db.utils.IntegrityError\n\nwhich led to\n" in written
    assert written.endswith("\ndjango.core.exceptions.ValidationError\n")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/accounts/join/{SECRET}/", "Gone: /accounts/join/<str:token>/"),
        (f"/nowhere/{SECRET}/?q={SECRET}", "Not Found: an unknown address"),
        (f"/contacts/{uuid.uuid4()}/?q={SECRET}", "Not Found: /contacts/<uuid:uuid>/"),
        (f"/accounts/join/{SECRET}ä/", "Gone: /accounts/join/<str:token>/"),
        (f"/accounts/join/{SECRET}%C3%A4%0A/", "Gone: /accounts/join/<str:token>/"),
        (f"/nowhere/{SECRET}ä/", "Not Found: an unknown address"),
        (f"/accounts/password/reset/key/{SECRET}ß-x/", "Not Found: an unknown address"),
    ],
)
def test_log_tells_routes_instead_of_addresses(client: Client, log: io.StringIO, path: str, told: str) -> None:
    client.get(path)
    assert SECRET not in log.getvalue()
    assert log.getvalue().endswith(f"WARNING django.request: {told}\n")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"path": "/", "headers": {"host": f"{SECRET}.example.org"}},
            "Bad Request: / (DisallowedHost)",
        ),
        ({"path": f"/{SECRET * 400}/"}, "Bad Request: an unknown address (TooLongRequestError)"),
        ({"path": f"/?q={SECRET * 2000}"}, "Bad Request: / (TooLongRequestError)"),
    ],
)
def test_refusal_is_one_line(client: Client, log: io.StringIO, asked: dict[str, Any], told: str) -> None:
    assert client.get(**asked).status_code == 400
    assert SECRET not in log.getvalue()
    (line,) = log.getvalue().splitlines()
    assert line.endswith(told)


def test_page_from_elsewhere_is_one_line_with_the_reason(alice: User, log: io.StringIO) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    begin = log.tell()
    answer = browser.post(f"/log/?q={SECRET}", {"people": SECRET}, headers={"origin": f"https://{SECRET}.example.org"})
    assert answer.status_code == 403
    (line,) = log.getvalue()[begin:].splitlines()
    assert line.endswith("WARNING django.security.csrf: Forbidden: /log/ (Origin checking failed)")


def test_failure_of_the_database_tells_what_happened(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        try:
            raise sqlite3.OperationalError("database is locked")
        except sqlite3.OperationalError as problem:
            raise OperationalError("database is locked") from problem

    monkeypatch.setattr("favours.forms.entry.log_help", fail)
    assert client.post("/log/", {"mode": "give", "kind": "tip", "people": SECRET}).status_code == 503
    assert log.getvalue().endswith("\ndjango.db.utils.OperationalError: database is locked\n")


def test_rows_and_exceptions_in_a_line_are_told_by_kind(alice: User, log: io.StringIO) -> None:
    logging.getLogger("netcrm").warning("No work for %s: %s", alice, ValueError(SECRET))
    logging.getLogger("netcrm").warning(ValueError(SECRET))
    try:
        raise ValueError(f"{SECRET}\nä")
    except ValueError as problem:
        logging.getLogger("netcrm").exception(f"It failed: {problem}")
    written = log.getvalue()
    assert (SECRET in written, alice.email in written) == (False, False)
    assert f"WARNING netcrm: No work for User {alice.pk}: ValueError\n" in written
    assert "WARNING netcrm: ValueError\n" in written
    assert "ERROR netcrm: It failed: ValueError\n" in written


def test_lines_of_a_request_bear_its_id(client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        logging.getLogger("netcrm").info("on the way")
        raise ValueError

    monkeypatch.setattr("favours.views.quick_log.QuickLogForm", fail)
    answer, other = client.post("/log/"), client.post("/log/")
    name = answer.headers["X-Request-ID"]
    assert name != other.headers["X-Request-ID"]
    assert log.getvalue().count(f"[{name}]") == 2
    assert f"[{name}] INFO netcrm: on the way\n" in log.getvalue()
    assert f"[{name}] ERROR django.request: Internal Server Error: /log/\n" in log.getvalue()


def test_log_tells_no_text_of_a_failed_job(log: io.StringIO) -> None:
    app = Celery("test", set_as_current=False)

    @app.task(name="fails")
    def fails(contact_id: int) -> None:
        raise ValueError(f"what {SECRET} wrote")

    fails.apply(kwargs={"contact_id": 7})
    written = log.getvalue()
    assert SECRET not in written
    assert "ERROR celery.app.trace: Task fails[" in written
    assert "] raised unexpected: ValueError\n" in written
    assert written.endswith("\nbuiltins.ValueError\n")


def test_log_of_everyday_acts_names_nobody(client: Client, alice: User, network: Network, log: io.StringIO) -> None:
    client.post("/log/", {"mode": "give", "kind": "tip", "people": SECRET, "note": f"A note on {SECRET}"})
    client.post("/contacts/add/", {"name": SECRET})
    client.get("/contacts/", {"q": SECRET})
    client.post("/accounts/login/", {"login": f"{SECRET}@example.org", "password": SECRET})
    client.get(f"/contacts/{network.contacts.first().uuid}/")
    client.post("/log/", {"mode": SECRET})
    assert SECRET not in log.getvalue()
    assert alice.email not in log.getvalue()


def test_log_of_the_web_server_tells_no_address(capfd: pytest.CaptureFixture[str]) -> None:
    logger = PrivateLogger(Config())
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", f"/accounts/join/{SECRET}/")
    logger.warning(f"Invalid request from ip=192.0.2.1: Invalid HTTP request line: '{SECRET}'")
    logger.warning("Worker %s was sent %s!", 7, "SIGKILL")
    written = capfd.readouterr().err
    assert (SECRET in written, "192.0.2.1" in written) == (False, False)
    assert "Error handling request … …" in written
    assert "builtins.ValueError" in written
    assert "Worker 7 was sent SIGKILL!" in written


@pytest.mark.parametrize("path", ["/Annabel/é/", "/accounts/login/link/Annabel%0a/", "/contacts/%5CAnnabel/"])
def test_log_tells_no_path_that_django_escapes(client: Client, log: io.StringIO, path: str) -> None:
    assert client.get(path).status_code in (404, 410)
    written = log.getvalue()
    assert "WARNING django.request: " in written
    assert SECRET not in written
