"""Sweeps: a failing item does not stop the others."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.jobs import one_by_one
from accounts.models import User
from tests.conftest import make_member
from tests.elsewhere import elsewhere


@pytest.mark.django_db(transaction=True)
def test_connection_lost_on_one_subject_fails_no_other() -> None:
    members = [make_member(f"{name}@example.org") for name in ("alice", "mallory")]
    done: list[str] = []

    def lose_it_once(member: User) -> None:
        if not done:
            done.append("lost")
            lose_connection()
        done.append(User.objects.get(pk=member.pk).email)

    one_by_one(lose_it_once, members)
    assert done[-1] == "mallory@example.org"


def lose_connection() -> None:
    """Drop this thread's connection, as a database restart would; SQLite has none to lose."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (own,) = cursor.fetchone()
        elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [own]))
