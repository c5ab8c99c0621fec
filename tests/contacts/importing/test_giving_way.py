"""A long job leaves the database to other writers between its transactions."""

from __future__ import annotations

import pytest

from contacts.importing import running, runs, undo
from contacts.importing.running import bring_in_now, work_on
from contacts.models import Network
from contacts.people.directory import add_contact
from tests.elsewhere import elsewhere

CARDS = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:Person {number}\nEND:VCARD\n" for number in range(6)).encode()


@pytest.mark.django_db(transaction=True)
def test_others_write_between_the_transactions_of_an_undo(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bring_in_now(network, name="cards.vcf", data=CARDS)
    runs.request_undo(network, run)
    monkeypatch.setattr(undo, "AT_ONCE", 2)
    monkeypatch.setattr(
        running, "give_way", lambda: elsewhere(lambda: add_contact(network, given_name="Written meanwhile"))
    )
    work_on(run.pk)
    run.refresh_from_db()
    assert (run.state, network.contacts.count()) == ("undone", 3)
