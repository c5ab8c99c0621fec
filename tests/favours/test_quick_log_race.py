"""The same form sent at the same time: a double tap, or a phone that tries again."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from contacts.models import Network
from contacts.picking import Picked
from favours.models import Favour
from favours.quick_log import log_help

AT_ONCE = 4


@pytest.mark.django_db(transaction=True)
def test_quick_log_sent_at_the_same_time_logs_once_and_makes_nobody_twice(network: Network) -> None:
    key, ready = uuid.uuid4(), Barrier(AT_ONCE)

    def log() -> Favour:
        ready.wait()
        try:
            return log_help(
                network,
                people=Picked(new_names=["Zoe"]),
                direction="give",
                kind="tip",
                day=network.today(),
                client_key=key,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = [attempt.result() for attempt in [threads.submit(log) for _ in range(AT_ONCE)]]

    assert (len(set(answers)), network.favours.count(), network.contacts.count()) == (1, 1, 1)
