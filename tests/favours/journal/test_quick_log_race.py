"""The same form submitted twice at the same time: a double tap, or a phone that retries."""

from __future__ import annotations

import uuid

import pytest

from contacts.models import Network
from contacts.people.picking import Picked
from favours.journal.quick_log import log_help
from favours.journal.writing import Entry
from favours.models import Favour
from tests.elsewhere import elsewhere


@pytest.mark.django_db(transaction=True)
def test_quick_log_sent_at_the_same_time_logs_once_and_makes_nobody_twice(network: Network) -> None:
    key = uuid.uuid4()

    def log() -> Favour:
        return log_help(network, Entry(direction="give", kind="tip", client_key=key), Picked(new_names=["Zoe"]))

    answers = elsewhere(log, workers=4)

    assert (len(set(answers)), network.favours.count(), network.contacts.count()) == (1, 1, 1)
