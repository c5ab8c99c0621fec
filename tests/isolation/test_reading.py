"""The check that reading changes nothing notices every kind of change."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts.jobs import hint
from accounts.models import User
from tests.isolation.reading import changes_noted


def test_changes_are_noted(alice: User) -> None:
    with changes_noted() as noted:
        User.objects.filter(pk=alice.pk).update(name="Other")
        hint("favours.recompute_summary", network_id=1)
        with connection.cursor() as cursor:
            cursor.execute("WITH gone AS (SELECT 1) DELETE FROM accounts_signinlink")
    assert [entry.split()[0] for entry in noted] == ["UPDATE", "asks", "WITH"]


@pytest.mark.django_db
def test_listed_ones_are_not() -> None:
    with changes_noted() as noted:
        Session(session_key="a", expire_date=timezone.now()).save(force_insert=True)
        hint("favours.keep_month", network_id=1, month_end="2026-01-31")
        list(User.objects.all())
    assert noted == []
