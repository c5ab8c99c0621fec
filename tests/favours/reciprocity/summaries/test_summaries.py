"""Stored summaries: when they become stale, and which of them are recomputed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from contacts.models import Contact, Network
from favours import tasks
from favours.journal.writing import trash_favour
from favours.reciprocity import network_figures, summaries
from tests.favours.reciprocity.summaries.conftest import NOON, Clock, during, give, is_behind, stored


def test_network_without_entries_is_not_behind(network: Network) -> None:
    assert not is_behind(network)
    assert not summaries.claim(network)
    assert stored(network) == {}


def test_recompute_stores_today_and_the_last_complete_month(network: Network, anna: Contact) -> None:
    give(network, anna)
    assert is_behind(network)
    assert summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 1, "2026-05-20": 1}
    assert not is_behind(network)


def test_entry_of_this_month_leaves_the_last_one_alone(
    network: Network, anna: Contact, computations: list[date]
) -> None:
    give(network, anna)
    summaries.recompute(network)
    computations.clear()
    give(network, anna)
    summaries.recompute(network)
    assert computations == [date(2026, 5, 20)]
    assert stored(network) == {"2026-04-30": 1, "2026-05-20": 2}


def test_entry_of_the_last_month_recomputes_it_at_once(
    network: Network, anna: Contact, computations: list[date]
) -> None:
    give(network, anna)
    summaries.recompute(network)
    computations.clear()
    give(network, anna, date(2026, 4, 30))
    summaries.recompute(network)
    assert computations == [date(2026, 4, 30), date(2026, 5, 20)]
    assert stored(network) == {"2026-04-30": 2, "2026-05-20": 2}


def test_every_kind_of_change_makes_it_behind(network: Network, anna: Contact) -> None:
    favour = give(network, anna)
    summaries.recompute(network)
    trash_favour(network, favour)
    assert is_behind(network)


def test_midnight_of_the_member_makes_it_behind(network: Network, anna: Contact, clock: Clock) -> None:
    give(network, anna)
    summaries.recompute(network)
    clock.now = datetime(2026, 5, 20, 21, 59, tzinfo=UTC)
    assert not is_behind(network)
    clock.now = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    assert is_behind(network)
    summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 1, "2026-05-21": 1}
    assert not is_behind(network)


def test_month_end_keeps_the_month(network: Network, anna: Contact, clock: Clock) -> None:
    give(network, anna)
    summaries.recompute(network)
    clock.now = datetime(2026, 5, 31, 22, 0, tzinfo=UTC)
    assert is_behind(network)
    summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 1, "2026-05-31": 1, "2026-06-01": 1}


def test_changed_zone_makes_it_behind(network: Network, anna: Contact, clock: Clock) -> None:
    give(network, anna)
    summaries.recompute(network)
    network.owner.time_zone = "Pacific/Kiritimati"  # Fourteen hours ahead of UTC: it is the 21st there.
    network.owner.save()
    assert is_behind(network)
    summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 1, "2026-05-21": 1}
    assert not is_behind(network)


def test_zone_with_the_same_day_moves_the_next_midnight(network: Network, anna: Contact, clock: Clock) -> None:
    give(network, anna)
    summaries.recompute(network)
    network.owner.time_zone = "America/New_York"
    network.owner.save()
    assert summaries.networks_behind(10) == [network.pk]
    summaries.recompute(network)
    clock.now = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    assert not is_behind(network)
    clock.now = datetime(2026, 5, 21, 4, 0, tzinfo=UTC)
    assert is_behind(network)


def test_changed_gate_makes_it_behind_and_months_anew(
    network: Network, anna: Contact, settings: Any, computations: list[date]
) -> None:
    give(network, anna)
    summaries.recompute(network)
    computations.clear()
    settings.NETCRM_GATE_PEOPLE = 4
    assert is_behind(network)
    summaries.recompute(network)
    assert computations == [date(2026, 4, 30), date(2026, 5, 20)]
    assert not is_behind(network)


@pytest.mark.parametrize("jump", [timedelta(days=40), timedelta(days=-40), timedelta(hours=11), timedelta(hours=-15)])
def test_clock_that_jumps_and_returns_is_followed(
    network: Network, anna: Contact, clock: Clock, jump: timedelta
) -> None:
    give(network, anna)
    clock.now = NOON + jump
    summaries.recompute(network)
    clock.now = NOON
    assert is_behind(network)
    summaries.recompute(network)
    assert summaries.running_summary(network).as_of == date(2026, 5, 20)
    assert not is_behind(network)


def test_older_result_never_overwrites_a_newer_one(
    network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(network, anna)

    def another_worker() -> None:
        give(network, anna, date(2026, 4, 1))
        assert summaries.recompute(network)

    during(monkeypatch, another_worker)
    summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 2, "2026-05-20": 2}
    assert not is_behind(network)


def test_entry_during_a_computation_leaves_it_behind(
    network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(network, anna)
    during(monkeypatch, lambda: give(network, anna, date(2026, 3, 1)))
    assert not summaries.recompute(network)
    assert stored(network) == {"2026-05-20": 1}
    assert is_behind(network)
    summaries.recompute(network)
    assert stored(network) == {"2026-04-30": 2, "2026-05-20": 2}
    assert not is_behind(network)


def test_worker_that_dies_leaves_the_marks(network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    give(network, anna)

    def die() -> None:
        raise MemoryError

    during(monkeypatch, die)
    with pytest.raises(MemoryError):
        summaries.recompute(network)
    assert is_behind(network)


def open_month(network: Network, month_end: date) -> int | None:
    """Open a month as the page does and run its job; return the revision of the stored month, or None."""
    network = Network.objects.get(pk=network.pk)
    shown = summaries.open_month(network, month_end)
    assert list(summaries.differences(shown.figures, network_figures(network, month_end))) == []
    tasks.keep_month(network_id=network.pk, month_end=month_end.isoformat())
    kept = network.summaries.filter(month=month_end.replace(day=1)).first()
    return kept.revision if kept else None


def test_opened_month_is_kept_until_something_before_its_end_changes(
    network: Network, anna: Contact, computations: list[date]
) -> None:
    february = date(2026, 2, 28)
    give(network, anna, date(2026, 1, 10))
    summaries.recompute(network)
    assert open_month(network, february) == 1
    give(network, anna, date(2026, 3, 1))
    assert open_month(network, february) == 1
    summaries.recompute(network)
    computations.clear()
    assert open_month(network, february) == 1
    assert computations == []
    give(network, anna, date(2026, 2, 28))
    assert computations == []
    assert open_month(network, february) == 1  # Not stored while the network is behind, but shown in its current state.
    summaries.recompute(network)
    assert open_month(network, february) == 3


def test_month_computed_before_a_change_does_not_hide_it(
    network: Network, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(network, anna, date(2026, 1, 10))
    summaries.recompute(network)

    def meanwhile() -> None:
        give(network, anna, date(2026, 2, 1))
        summaries.recompute(network)

    during(monkeypatch, meanwhile)
    summaries.keep_month(network, date(2026, 2, 28))
    assert stored(network) == {"2026-04-30": 2, "2026-05-20": 2}


def check() -> tuple[int, str]:
    """Return the exit status of `manage.py reciprocity --check` and its last line of output."""
    out = StringIO()
    status = 0
    try:
        call_command("reciprocity", check=True, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, out.getvalue().splitlines()[-1]


def test_check_tells_right_from_behind_and_wrong(network: Network, anna: Contact) -> None:
    give(network, anna)
    assert check() == (1, "1 networks, 1 with faults")
    summaries.recompute(network)
    assert check() == (0, "1 networks, 0 with faults")
    kept = network.summaries.get(as_of=date(2026, 4, 30))
    kept.figures["passed_on"] = 1
    kept.save()
    assert check() == (1, "1 networks, 1 with faults")


def test_differences_forgive_rounding_and_nothing_else() -> None:
    one = {"spread": {"give": 4.5}, "mix": [{"share": 0.5}], "rhythm": 7}
    assert (
        list(summaries.differences(one, {"spread": {"give": 4.5 + 1e-12}, "mix": [{"share": 0.5}], "rhythm": 7})) == []
    )
    assert list(summaries.differences(one, {"spread": {"give": 4.6}, "mix": [], "rhythm": 8})) == [
        "spread.give",
        "mix",
        "rhythm",
    ]
