"""Descriptions of exceptions in the log: what happened to databases, files and connections, without personal data."""

import errno
import smtplib
import socket
import sqlite3

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.models import User
from netcrm.failures import described, what_happened

SECRET = "Annabel"


def raised_by(problem: sqlite3.Error, name: str) -> OperationalError:
    """Return a Django exception that wraps this SQLite error."""
    problem.sqlite_errorname = name  # type: ignore[misc]
    told = OperationalError(*problem.args)
    told.__cause__ = problem
    return told


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            raised_by(sqlite3.OperationalError("database is locked"), "SQLITE_BUSY"),
            "OperationalError: database is locked (SQLITE_BUSY)",
        ),
        (
            raised_by(sqlite3.OperationalError("no such table: contacts_contact"), "SQLITE_ERROR"),
            "OperationalError: no such table: contacts_contact (SQLITE_ERROR)",
        ),
        (
            raised_by(sqlite3.OperationalError(f'near "{SECRET}": syntax error'), "SQLITE_ERROR"),
            "OperationalError: SQLITE_ERROR",
        ),
        (OSError(errno.ENOSPC, "No space left on device", f"/tmp/{SECRET}.vcf"), "[Errno 28] No space left on device"),
        (socket.gaierror(-2, "Name or service not known"), "gaierror: [Errno -2] Name or service not known"),
        (TimeoutError("timed out"), "TimeoutError: timed out"),
        (smtplib.SMTPDataError(552, f"{SECRET}@example.org is full".encode()), "SMTPDataError: answer 552"),
        (smtplib.SMTPRecipientsRefused({f"{SECRET}@example.org": (550, b"no")}), "SMTPRecipientsRefused"),
        (
            RedisConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused."),
            "ConnectionError: Error 111 connecting to 127.0.0.1:6379. Connection refused.",
        ),
        (BrokerError(f"Error 1 connecting to redis://:{SECRET}@broker"), "OperationalError"),
        (psycopg.OperationalError("connection failed:\n\tConnection refused"), "connection failed: Connection refused"),
        (ValueError(SECRET), "ValueError"),
    ],
)
def test_exception_tells_what_happened(problem: BaseException, told: str) -> None:
    assert described(problem).endswith(told)
    assert "\n" not in described(problem)
    assert SECRET not in described(problem)


def test_missing_table_is_named(db: None) -> None:
    with pytest.raises((OperationalError, ProgrammingError)) as problem, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM contacts_nowhere")
    assert "contacts_nowhere" in what_happened(problem.value)


def test_broken_constraint_is_named_without_the_value(alice: User) -> None:
    with pytest.raises(IntegrityError) as problem:
        User(email=alice.email, password=SECRET).save()
    assert "accounts_user" in what_happened(problem.value)
    assert "alice" not in what_happened(problem.value)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes any text for a number")
def test_value_that_does_not_fit_is_not_told(db: None) -> None:
    with pytest.raises(DataError) as problem, connection.cursor() as cursor:
        cursor.execute("SELECT CAST(%s AS integer)", [SECRET.lower()])
    assert what_happened(problem.value) == "InvalidTextRepresentation (22P02)"
