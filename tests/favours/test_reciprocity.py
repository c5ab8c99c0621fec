"""The figures of the whole network: the worked example of their definition, literally."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import override_settings

from contacts.models import Network
from favours.journal import Entry, log_favours
from favours.reciprocity import WITHHELD, Figures, network_figures
from tests.favours.conftest import make_people

AS_OF = date(2025, 12, 31)

WORKED_EXAMPLE = [
    ("2023-11-10", "give", None, "tip", "A"),
    ("2025-01-15", "give", None, "introduction", "BC"),
    ("2025-02-03", "receive", None, "recommendation", "D"),
    ("2025-02-20", "give", 3, "tip", "E"),
    ("2025-04-10", "receive", None, "tip", "F"),
    ("2025-04-10", "give", None, "tip", "F"),
    ("2025-05-05", "give", 5, "tip", "A"),
    ("2025-06-30", "receive", None, "introduction", "BG"),
    ("2025-09-12", "give", None, "introduction", "D"),
    ("2025-12-20", "receive", None, "tip", "H"),
]

FLIPPED = {"give": "receive", "receive": "give"}


def log_worked_example(network: Network, *, flipped: bool = False) -> None:
    people = dict(zip("ABCDEFGH", make_people(network, *"ABCDEFGH"), strict=True))
    entries: list[Entry] = []
    for day, direction, passes_on, kind, letters in WORKED_EXAMPLE:
        entries.append(
            Entry(
                day=date.fromisoformat(day),
                direction=FLIPPED[direction] if flipped else direction,
                kind=kind,
                contacts=[people[letter] for letter in letters],
                passes_on=entries[passes_on - 1] if passes_on and not flipped else None,
            )
        )
    log_favours(network, entries)


@pytest.fixture
def example(network: Network) -> Figures:
    """The figures of the worked example."""
    log_worked_example(network)
    return network_figures(network, AS_OF)


def test_flow_counts_each_direction_and_month(example: Figures) -> None:
    assert (example["flow"]["give"], example["flow"]["receive"]) == (5, 4)
    months = {row["month"]: (row["give"], row["receive"]) for row in example["flow"]["by_month"]}
    assert months == {
        "2025-01": (1, 0),
        "2025-02": (1, 1),
        "2025-03": (0, 0),
        "2025-04": (1, 1),
        "2025-05": (1, 0),
        "2025-06": (0, 1),
        "2025-07": (0, 0),
        "2025-08": (0, 0),
        "2025-09": (1, 0),
        "2025-10": (0, 0),
        "2025-11": (0, 0),
        "2025-12": (0, 1),
    }


def test_breadth_counts_people_of_each_direction(example: Figures) -> None:
    assert example["breadth"] == {"give": 6, "receive": 5}


def test_spread_is_the_inverse_simpson_index(example: Figures) -> None:
    assert example["spread"] == {"give": pytest.approx(50 / 9), "receive": pytest.approx(32 / 7)}


def test_from_elsewhere_and_given_freely_hold_ties_against_the_claim(example: Figures) -> None:
    assert example["from_elsewhere"] == {"share": 2 / 4, "band": "about half", "as_of": "2025-12-31"}
    assert example["given_freely"] == {"share": 3 / 5, "band": "about half", "as_of": "2025-12-31"}


def test_mix_is_withheld_when_every_kind_fails(example: Figures) -> None:
    assert example["mix"] == {"give": WITHHELD, "receive": WITHHELD}


@override_settings(NETCRM_GATE_PEOPLE=3, NETCRM_GATE_SPREAD=2.0, NETCRM_GATE_EVENTS=2)
def test_mix_shows_the_direction_whose_kinds_pass(network: Network) -> None:
    log_worked_example(network)
    assert network_figures(network, AS_OF)["mix"] == {
        "give": [{"kind": "tip", "share": 3 / 5}, {"kind": "introduction", "share": 2 / 5}],
        "receive": WITHHELD,
    }


def test_passed_on_rediscovered_and_rhythm(example: Figures) -> None:
    assert (example["passed_on"], example["rediscovered"], example["rhythm"]) == (2, 1, 7)


def test_flipping_every_direction_swaps_the_mirrored_figures(network: Network) -> None:
    log_worked_example(network, flipped=True)
    flipped = network_figures(network, AS_OF)
    assert flipped["from_elsewhere"] == {"share": 3 / 5, "band": "about half", "as_of": "2025-12-31"}
    assert flipped["given_freely"] == {"share": 2 / 4, "band": "about half", "as_of": "2025-12-31"}
    assert flipped["spread"] == {"give": pytest.approx(32 / 7), "receive": pytest.approx(50 / 9)}
    assert (flipped["rediscovered"], flipped["rhythm"]) == (1, 7)
