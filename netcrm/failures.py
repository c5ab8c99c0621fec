"""Descriptions of exceptions that are safe to log: no user input and no values from rows.

For most exceptions that is only the class name. Exceptions of databases, files and connections say more: which table is
missing, that a disk is full. Their texts are kept if they consist of known phrases and the project's own identifiers.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import sqlite3
import ssl

import psycopg
from django.db import Error as DatabaseError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

SQLITE_TEXTS = re.compile(
    r"database (table |schema )?is locked(: \w+)?|database schema has changed|disk I/O error|database or disk is full"
    r"|database disk image is malformed|attempt to write a readonly database|unable to open database file"
    r"|file is not a database|no such (table|column|index): [a-z0-9_.]+|table [a-z0-9_]+ has no column named [a-z0-9_]+"
    r"|(UNIQUE|NOT NULL|CHECK) constraint failed: [a-z0-9_., ]+|FOREIGN KEY constraint failed|interrupted|out of memory"
    r"|Cannot operate on a closed database\."
)

BROKER_TEXTS = re.compile(
    r"Error -?\d+ (connecting to|while (reading|writing)) [^\s@]+ ?[\w .:-]*|Timeout [\w ]+|[A-Z]{4,} [\w ,.]*"
    r"|Connection closed by server\.|[Aa]uthentication required\.?"
    r"|invalid username-password pair or user is disabled\."
)

TOLD_STATES = ("08", "25", "28", "3D", "40", "53", "55", "57", "58", "42P01", "42703", "42501")
"""Prefixes of the SQLSTATEs whose messages are about the server or the schema, never about values in a row."""

NO_SERVER = (
    "connection ",
    "couldn't get a connection",
    "server closed the connection",
    "the connection is ",
    "consuming",
)
"""Prefixes of the messages that come from the connection itself and have no SQLSTATE."""


def described(problem: BaseException) -> str:
    """Return the class name of an exception, followed by the safe part of its text if there is any."""
    text = what_happened(problem)
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__


def what_happened(problem: BaseException) -> str:
    """Return the part of an exception's text that contains no personal data, on one line; "" if there is none."""
    if isinstance(problem, DatabaseError) and problem.__cause__ is not None:
        problem = problem.__cause__  # Django's exception repeats the driver's, which has structured details.
    if isinstance(problem, sqlite3.Error):
        return _of_sqlite(problem)
    if isinstance(problem, psycopg.Error):
        return _of_postgresql(problem)
    if isinstance(problem, RedisError | BrokerError):
        text = " ".join(str(problem).split())
        return text if BROKER_TEXTS.fullmatch(text) else ""
    if isinstance(problem, smtplib.SMTPException):
        return f"answer {problem.smtp_code}" if isinstance(problem, smtplib.SMTPResponseException) else ""
    return _of_system(problem) if isinstance(problem, OSError) else ""


def _of_sqlite(problem: sqlite3.Error) -> str:
    code = getattr(problem, "sqlite_errorname", "")
    text = str(problem) if SQLITE_TEXTS.fullmatch(str(problem)) else ""
    return f"{text} ({code})" if text and code else text or code


def _of_postgresql(problem: psycopg.Error) -> str:
    if problem.sqlstate is None:
        # The message of a failed connection names the hosts that were tried, on several lines.
        text = " ".join(str(problem).split())
        return text if text.startswith(NO_SERVER) else ""
    about = problem.diag
    parts = [
        about.message_primary if problem.sqlstate.startswith(TOLD_STATES) else "",
        *(f"{what} {name}" for what, name in (("table", about.table_name), ("column", about.column_name)) if name),
        f"constraint {about.constraint_name}" if about.constraint_name else "",
    ]
    return f"{', '.join(filter(None, parts)) or type(problem).__name__} ({problem.sqlstate})"


def _of_system(problem: OSError) -> str:
    """Return the operating system's error message, without the file name, which may contain personal data."""
    if isinstance(problem, ssl.SSLError):
        return str(problem.reason or "")
    if problem.errno is None:
        return "timed out" if isinstance(problem, TimeoutError) else ""
    if isinstance(problem, socket.gaierror | socket.herror):
        return f"[Errno {problem.errno}] {problem.strerror}"
    return f"[Errno {problem.errno}] {os.strerror(problem.errno)}"
