"""Connections to PostgreSQL wait for a busy server, and give up on a frozen one."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from netcrm.postgresql import connections, silence
from tests.elsewhere import elsewhere

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL's driver"),
]


def ask(seconds: float) -> str:
    """Run a query that takes the server this many seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s), 'answer'", [seconds])
        return str(cursor.fetchone()[1])


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LONGEST_SILENCE", 0.1)


def test_frozen_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "gives_sign_of_life", lambda *_server: False)

    def ask_in_vain() -> None:
        ask(0)
        with pytest.raises(OperationalError, match="does not answer"):
            ask(0.4)
        connection.close()
        with pytest.raises(OperationalError, match="is not tried"):
            ask(0)
        connections.outage.over_at -= silence.PAUSE
        assert ask(0) == "answer"

    elsewhere(ask_in_vain)


def test_answer_that_takes_long_is_waited_for() -> None:
    assert elsewhere(lambda: ask(0.5)) == ["answer"]
