"""Computing summaries while others write, in real transactions on two connections."""

from __future__ import annotations

from datetime import date

import pytest

from contacts.database.snapshots import snapshot
from contacts.middleware import network_of
from contacts.models import Contact, Network
from favours.reciprocity import network_figures, summaries
from tests.conftest import make_member
from tests.elsewhere import elsewhere
from tests.favours.entries import log_favour

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network() -> Network:
    """Alice's network, committed."""
    return network_of(make_member("alice@example.org"))


def give(network: Network, contact: Contact) -> None:
    log_favour(network, direction="give", kind="tip", day=date(2026, 5, 1), contacts=[contact])


def test_snapshot_sees_one_state_and_holds_no_writer_up(network: Network, anna: Contact) -> None:
    with snapshot():
        assert network.favours.count() == 0
        elsewhere(lambda: give(network, anna))
        assert network.favours.count() == 0
        assert network_figures(network, date(2026, 5, 31))["rhythm"] == 0
    assert network.favours.count() == 1


def test_snapshot_ends_with_an_error(network: Network) -> None:
    with pytest.raises(RuntimeError), snapshot():
        raise RuntimeError
    with snapshot():
        assert network.favours.count() == 0


def test_one_of_many_workers_gets_the_claim(network: Network, anna: Contact) -> None:
    give(network, anna)
    network.refresh_from_db()
    claims: list[bool] = []
    elsewhere(lambda: claims.append(summaries.claim(network)), workers=4)
    assert sorted(claims) == [False, False, False, True]


def test_workers_at_once_end_with_the_last_state(network: Network, anna: Contact) -> None:
    def write_and_recompute() -> None:
        for _ in range(5):
            give(network, anna)
            summaries.recompute(network)

    elsewhere(write_and_recompute, workers=3)
    summaries.recompute(network)
    assert summaries.check(network) == []
    assert summaries.running_summary(network).revision == 15
    assert summaries.networks_behind(10) == []
