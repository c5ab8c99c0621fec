"""The changes that reading a page may cause: to the rows of the tables listed here, and the jobs listed here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection, transaction

WRITTEN_BY_READING = {
    "django_session": "whose visit it is",
    "usersessions_usersession": "when a session was last used",
}

ASKED_FOR_BY_READING = {
    "favours.keep_month": "a past month is computed for its page; a job keeps a copy, which changes no page",
}

CHANGES = re.compile(r"(?:WITH\b.*\b)?(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|DROP|ALTER)\b", re.DOTALL)


@contextmanager
def changes_noted() -> Iterator[list[str]]:
    """Collect the block's statements that change rows and the jobs that it requests, except those listed above."""
    noted: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if CHANGES.match(sql) and not any(f'"{table}"' in sql for table in WRITTEN_BY_READING):
            noted.append(sql)
        return execute(sql, *rest)

    def note_job(task: str, _arguments: object) -> None:
        if task not in ASKED_FOR_BY_READING:
            noted.append(f"asks for {task}")

    with (
        connection.execute_wrapper(note),
        patch.object(transaction, "on_commit", lambda act, **_options: act()),
        patch("accounts.jobs._publisher.put", note_job),
    ):
        yield noted
