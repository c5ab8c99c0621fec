"""A long job leaves the database to other writers between its transactions."""

from __future__ import annotations

import pytest
from django.db import connection

from contacts.cards import Card
from contacts.database.batches import AT_MOST, BETWEEN_LOOKS, Pace
from contacts.importing import running, runs
from contacts.importing.running import bring_in_now, work_on
from contacts.models import Network
from contacts.people.directory import add_contact
from tests.contacts.importing.conftest import Steady
from tests.elsewhere import elsewhere

CARDS = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:Person {number}\nEND:VCARD\n" for number in range(6)).encode()


@pytest.mark.django_db(transaction=True)
def test_others_write_between_the_transactions_of_an_undo(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bring_in_now(network, name="cards.vcf", data=CARDS)
    runs.request_undo(network, run)
    monkeypatch.setattr(running, "CHANGES_AT_ONCE", 2)
    monkeypatch.setattr(running, "Pace", Steady)
    monkeypatch.setattr(
        Pace, "_give_way", lambda _pace: elsewhere(lambda: add_contact(network, given_name="Written meanwhile"))
    )
    work_on(run.pk)
    run.refresh_from_db()
    # Each batch takes back two people, and the last one finds none left.
    assert (run.state, network.contacts.count()) == ("undone", 4)


class Clock:
    """A clock that advances only in `sleep` and when a test moves it on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("contacts.database.batches.time", self)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("seconds_per_row", [0.0001, 0.0004, 0.0008, 0.003])
def test_transactions_last_as_long_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch, seconds_per_row: float) -> None:
    clock, pace, lasted = Clock(monkeypatch), Pace(500), []
    for _turn in range(10):
        with pace.turn():
            begin = clock.now
            clock.now += pace.size * seconds_per_row
        lasted.append(clock.now - begin)
    assert max(lasted[3:]) < AT_MOST + 0.001
    assert pace.size == pytest.approx(min(500, AT_MOST / seconds_per_row), abs=1)


@pytest.mark.django_db(transaction=True)
def test_job_leaves_the_database_to_others_between_two_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, pace, left_at = Clock(monkeypatch), Pace(500), 0.0
    for busy in (0.0, 0.02, 1.0):
        clock.now += busy
        with pace.turn():
            if left_at and connection.vendor == "sqlite":
                assert clock.now - left_at == pytest.approx(max(busy, BETWEEN_LOOKS))
        left_at = clock.now


def test_long_texts_make_a_transaction_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_CHARACTERS", 100)
    cards = [Card(notes="x" * length) for length in (10, 10, 90, 200, 10, 10)]
    assert [len(batch) for batch in running.paced(cards, lambda: 5)] == [3, 1, 2]
