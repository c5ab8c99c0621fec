"""The figures of the whole network: the worked example from their definition, word for word, and edge cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from contacts.erasing.contacts import erase_contacts
from contacts.models import Network
from contacts.people.directory import trash_contacts
from favours.journal.writing import Entry, log_favours, trash_favour
from favours.reciprocity import WITHHELD, Figures, network_figures
from favours.reciprocity.figures import band
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


def log_help(network: Network, *rows: tuple[str, str, str]) -> None:
    """Log tips, each given as direction, day, and the initials of the people."""
    letters = sorted({letter for _direction, _day, who in rows for letter in who})
    people = dict(zip(letters, make_people(network, *letters), strict=True))
    log_favours(
        network,
        [
            Entry(
                direction=direction, kind="tip", day=date.fromisoformat(day), contacts=[people[who] for who in letters]
            )
            for direction, day, letters in rows
        ],
    )


OPEN_GATE = override_settings(NETCRM_GATE_EVENTS=1, NETCRM_GATE_PEOPLE=1, NETCRM_GATE_SPREAD=1.0)


@pytest.mark.parametrize(
    ("given", "share"),
    [("2023-03-01", 1.0), ("2023-03-02", 0.0), ("2025-03-01", 0.0), ("2025-03-02", 1.0)],
    ids=["731 days before, over a leap day", "730 days before", "on the day", "the day after"],
)
@OPEN_GATE
def test_from_elsewhere_looks_two_years_back(network: Network, given: str, share: float) -> None:
    log_help(network, ("give", given, "A"), ("receive", "2025-03-01", "A"), ("give", "2020-01-01", "B"))
    closing = network_figures(network, date(2025, 3, 31))["from_elsewhere"]
    assert closing == {"share": share, "band": "nearly all" if share else "hardly any", "as_of": "2025-03-31"}


@pytest.mark.parametrize(
    ("days", "count"),
    [
        (["2024-02-29", "2025-02-27"], 0),
        (["2024-02-29", "2025-02-28"], 1),
        (["2024-02-29", "2025-02-28", "2025-02-28"], 1),
        (["2024-02-28", "2024-02-29", "2025-02-27"], 0),
        (["2025-02-28"], 0),
        (["2023-01-01", "2024-02-28"], 0),
    ],
    ids=["364 days", "365 days", "twice on the day of return", "less after the last", "first ever", "outside"],
)
def test_rediscovered_asks_for_a_year_of_silence(network: Network, days: list[str], count: int) -> None:
    log_help(network, *((direction, day, "A") for direction, day in zip(["give", "receive"] * 3, days, strict=False)))
    assert network_figures(network, date(2025, 2, 28))["rediscovered"] == count


@pytest.mark.parametrize(
    ("received", "given", "count"),
    [
        (("2025-05-02", "A"), ("2025-05-02", "B"), 1),
        (("2025-05-03", "A"), ("2025-05-02", "B"), 0),
        (("2020-05-02", "A"), ("2025-05-02", "B"), 1),
        (("2025-05-02", "AC"), ("2025-05-02", "BC"), 0),
        (("2024-01-02", "A"), ("2024-01-02", "B"), 0),
    ],
    ids=["on one day", "before it came", "years before", "somebody in common", "given outside of the window"],
)
def test_passed_on_checks_each_link(
    network: Network, received: tuple[str, str], given: tuple[str, str], count: int
) -> None:
    log_help(network, ("receive", *received), ("give", *given))
    network.favours.filter(direction="give").update(passes_on=network.favours.get(direction="receive"))
    assert network_figures(network, date(2025, 5, 31))["passed_on"] == count


@OPEN_GATE
def test_closing_figures_are_absent_until_the_journal_is_half_a_year_old(network: Network) -> None:
    log_help(network, ("give", "2025-01-02", "A"))
    assert network_figures(network, date(2025, 6, 30))["given_freely"] == {
        "share": None,
        "band": None,
        "as_of": "2025-06-30",
    }
    log_help(network, ("give", "2025-01-01", "B"))
    assert network_figures(network, date(2025, 6, 30))["given_freely"] == {
        "share": 1.0,
        "band": "nearly all",
        "as_of": "2025-06-30",
    }


@OPEN_GATE
def test_month_that_ends_today_is_complete_for_an_explicit_day_only(network: Network) -> None:
    log_help(network, ("give", "2023-05-01", "A"), ("give", "2024-02-29", "A"))
    as_of = date(2024, 2, 29)
    assert network_figures(network, as_of)["given_freely"] == {
        "share": 1.0,
        "band": "nearly all",
        "as_of": "2024-02-29",
    }
    running = network_figures(network, as_of, running=True)["given_freely"]
    assert running == {"share": 1.0, "band": "nearly all", "as_of": "2024-01-31"}


@OPEN_GATE
def test_favours_after_the_day_do_not_count(network: Network) -> None:
    log_help(network, ("give", "2025-06-15", "A"), ("give", "2025-06-16", "B"))
    figures = network_figures(network, date(2025, 6, 15))
    assert (figures["flow"]["give"], figures["breadth"]["give"]) == (1, 1)


@OPEN_GATE
def test_trashed_favour_leaves_all_figures(network: Network) -> None:
    log_help(network, ("give", "2025-06-15", "A"))
    trash_favour(network, network.favours.get())
    figures = network_figures(network, date(2025, 6, 30))
    assert (figures["flow"]["give"], figures["breadth"]["give"], figures["rhythm"]) == (0, 0, 0)


@OPEN_GATE
def test_trashed_contact_counts_and_erased_one_leaves_an_event_without_people(network: Network) -> None:
    log_help(network, ("give", "2025-06-15", "A"))
    trash_contacts(network, network.contacts.all())
    assert network_figures(network, date(2025, 6, 30))["breadth"]["give"] == 1
    erase_contacts(network, network.contacts(manager="with_trash").all())
    figures = network_figures(network, date(2025, 6, 30))
    assert (figures["flow"]["give"], figures["breadth"]["give"], figures["spread"]["give"]) == (1, 0, None)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "hardly any"),
        (3 / 20, "about a quarter"),
        (7 / 20, "about half"),
        (13 / 20, "about three quarters"),
        (17 / 20, "nearly all"),
        (1.0, "nearly all"),
    ],
)
def test_band_limits_belong_to_the_upper_band(share: float, words: str) -> None:
    assert band(share) == words


@pytest.mark.parametrize(
    ("who", "passes"),
    [
        (["A", "B", "C", "D", "E"], True),
        (["ABCDE"], False),
        (["A", "B", "C", "D"], False),
        (["A"] * 40 + ["B", "C", "D", "E"], False),
        (["A", "BC", "DE"], True),
        (["A"] * 6 + ["B"] * 3 + ["C", "D", "E"], True),
        (["A"] * 7 + ["B"] * 2 + ["C", "D", "E"], False),
    ],
    ids=[
        "five people",
        "one event",
        "four people",
        "one person's account",
        "three events at the bounds",
        "a spread of three",
        "a spread of less",
    ],
)
def test_gate_asks_for_events_people_and_spread(network: Network, who: list[str], passes: bool) -> None:
    log_help(network, *(("give", "2025-06-15", letters) for letters in who))
    flow = network_figures(network, date(2025, 6, 30))["flow"]["give"]
    assert flow == (len(who) if passes else WITHHELD)


def test_withheld_direction_shows_nowhere(network: Network) -> None:
    log_help(network, *(("give", "2025-06-15", letter) for letter in "ABCDE"), ("receive", "2024-08-01", "A"))
    figures = network_figures(network, date(2025, 6, 30))
    assert figures["flow"]["give"] == 5
    assert figures["flow"]["receive"] == WITHHELD
    assert {str(row["receive"]) for row in figures["flow"]["by_month"]} == {str(WITHHELD)}
    assert [figures[name]["receive"] for name in ("breadth", "spread", "mix")] == [WITHHELD] * 3  # type: ignore[literal-required]
    assert figures["from_elsewhere"] == WITHHELD


@pytest.mark.parametrize(
    ("kinds", "mix"),
    [
        ({"tip": "ABCDE"}, {"tip": 5 / 5}),
        ({"other": "ABCDE"}, {"other": 5 / 5}),
        ({"tip": "ABCDEF", "advice": "ABC", "support": "ABCDE"}, {"tip": 6 / 14, "other": 8 / 14}),
        ({"tip": "ABCDE", "advice": "ABCDE", "support": "F"}, {"tip": 5 / 11, "other": 6 / 11}),
        ({"tip": "ABCDE", "other": "ABCDE", "advice": "A"}, {"tip": 5 / 11, "other": 6 / 11}),
        ({"other": "ABCDE", "advice": "A"}, None),
    ],
    ids=[
        "a sole kind",
        "other alone",
        "the next smallest joins",
        "of two alike the first by code joins",
        "other takes in what fails",
        "all have joined",
    ],
)
def test_mix_pools_kinds_until_they_pass(network: Network, kinds: dict[str, str], mix: dict[str, float] | None) -> None:
    people = dict(zip("ABCDEF", make_people(network, *"ABCDEF"), strict=True))
    log_favours(
        network,
        [
            Entry(direction="give", kind=kind, day=date(2025, 5, 1), contacts=[people[letter]])
            for kind, letters in kinds.items()
            for letter in letters
        ],
    )
    figures = network_figures(network, date(2025, 5, 31))
    expected = [{"kind": kind, "share": share} for kind, share in mix.items()] if mix else WITHHELD
    assert figures["mix"] == {"give": expected, "receive": []}


@pytest.mark.parametrize(
    ("given", "received", "flow", "given_freely", "from_elsewhere"),
    [
        (["2024-05-01"] * 5, [], WITHHELD, "nearly all", None),
        (["2024-05-01"] * 5, ["2025-04-01"] * 2, WITHHELD, "nearly all", WITHHELD),
        (["2025-05-01"] * 5, ["2024-05-01"] * 5, 6, None, "nearly all"),
    ],
    ids=["enough of it then only", "the other way too few then", "enough of it now only"],
)
def test_closing_figures_pass_the_gate_in_their_own_window(
    network: Network, given: list[str], received: list[str], flow: Any, given_freely: Any, from_elsewhere: Any
) -> None:
    rows = [("give", day, letter) for day, letter in zip(given, "ABCDE", strict=True)]
    rows += [("receive", day, letter) for day, letter in zip(received, "FGHIJ", strict=False)]
    log_help(network, *rows, ("give", "2025-05-02", "A"))
    figures = network_figures(network, date(2025, 5, 15))

    def told(value: Any) -> Any:
        return value if value == WITHHELD else value["band"]

    assert figures["flow"]["give"] == flow
    assert (told(figures["given_freely"]), told(figures["from_elsewhere"])) == (given_freely, from_elsewhere)


@pytest.mark.parametrize(("favours", "statements"), [(0, 6), (10, 8), (400, 8)])
def test_number_of_statements_does_not_grow(
    network: Network, django_assert_num_queries: Any, favours: int, statements: int
) -> None:
    log_help(network, *(("give" if day % 2 else "receive", "2025-01-01", "ABCDEFG"[day % 7]) for day in range(favours)))
    with django_assert_num_queries(statements):
        network_figures(network, date(2025, 12, 31))


def test_number_of_statements_is_twelve_at_most(network: Network, django_assert_num_queries: Any) -> None:
    people = make_people(network, *"ABCDEF")
    entries = [
        Entry(direction=direction, kind=kind, day=date(2025, 1, 1), contacts=[contact])
        for direction in ("give", "receive")
        for kind, contacts in (("tip", people), ("advice", people), ("support", people[:2]))
        for contact in contacts
    ]
    log_favours(network, entries)
    with django_assert_num_queries(12):
        figures = network_figures(network, date(2025, 12, 15), running=True)
    assert figures["mix"] == {
        direction: [{"kind": "tip", "share": 6 / 14}, {"kind": "other", "share": 8 / 14}]
        for direction in ("give", "receive")
    }
