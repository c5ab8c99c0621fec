"""The figures put into sentences."""

from __future__ import annotations

from typing import Any

import pytest

from favours.reciprocity import WITHHELD, narration
from favours.reciprocity.charts import mix_bars, woven_band

MONTHS = ["2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12"] + [
    f"2026-0{month}" for month in range(1, 6)
]


def make_figures(**changes: Any) -> Any:
    """Return the figures of a full year of a large network, with the given changes."""
    figures: dict[str, Any] = {
        "as_of": "2026-05-31",
        "window": ["2025-06", "2026-05"],
        "flow": {
            "give": 136,
            "receive": 64,
            "by_month": [
                {"month": month, "give": 20 if month in MONTHS[::11] else 9, "receive": number}
                for number, month in enumerate(MONTHS)
            ],
        },
        "breadth": {"give": 74, "receive": 38},
        "spread": {"give": 31.4, "receive": 22.3},
        "mix": {
            "give": [
                {"kind": "tip", "share": 0.6},
                {"kind": "advice", "share": 0.3},
                {"kind": "other", "share": 0.1},
            ],
            "receive": [{"kind": "advice", "share": 0.4}, {"kind": "other", "share": 0.6}],
        },
        "given_freely": {"share": 0.75, "band": "about three quarters", "as_of": "2026-04-30"},
        "from_elsewhere": {"share": 0.5, "band": "about half", "as_of": "2026-04-30"},
        "passed_on": 3,
        "rediscovered": 6,
        "rhythm": 12,
        "active_months": MONTHS,
    }
    return figures | changes


def test_full_year_is_told_in_three_paragraphs() -> None:
    story = narration.tell(make_figures())
    assert story.given == [
        "In twelve months you helped 136 times, mostly with tips, often with advice.",
        "It was liveliest in June and May.",
    ]
    assert story.received == [
        "38 people helped you, at the core about 22.",
        "Much of it came from somewhere else entirely, as far as logged.",
    ]
    assert story.threads == [
        "Three times you passed on something you had received.",
        "You picked up the thread with six people.",
        "Something moved in every month.",
    ]


def test_withheld_direction_is_told_without_a_digit() -> None:
    story = narration.tell(
        make_figures(
            flow={"give": WITHHELD, "receive": 64, "by_month": []},
            breadth={"give": WITHHELD, "receive": 38},
            given_freely=WITHHELD,
        )
    )
    assert story.given == ["You helped as well; while it reaches only a few, it stays in your journal."]


def test_withheld_and_absent_shares_are_left_out() -> None:
    absent = {"share": None, "band": None, "as_of": "2026-04-30"}
    story = narration.tell(
        make_figures(given_freely=absent, from_elsewhere=WITHHELD, mix={"give": [], "receive": WITHHELD})
    )
    assert story.given[0] == "In twelve months you helped 136 times."
    assert story.received == ["38 people helped you, at the core about 22."]


@pytest.mark.parametrize(
    ("band", "is_told"),
    [("hardly any", False), ("about a quarter", False), ("about half", True), ("nearly all", True)],
)
def test_elsewhere_is_told_from_about_half_and_without_a_share(band: str, is_told: bool) -> None:
    story = narration.tell(make_figures(from_elsewhere={"share": 0.5, "band": band, "as_of": "2026-04-30"}))
    assert any("somewhere else" in sentence for sentence in story.received) == is_told


def test_month_that_came_is_told_in_words_and_no_number() -> None:
    months = narration.months_of(make_figures())
    assert [month["received"] for month in months] == ["quiet", *["a little"] * 3, *["some"] * 4, *["lively"] * 4]
    withheld = [{"month": month, "give": 3, "receive": WITHHELD} for month in MONTHS]
    flow = {"give": 36, "receive": WITHHELD, "by_month": withheld}
    assert {month["received"] for month in narration.months_of(make_figures(flow=flow))} == {None}


@pytest.mark.parametrize(
    ("active", "sentence"),
    [
        (["2026-05"], "Something moved in May."),
        (["2026-04", "2026-05"], "Something moved in April and May."),
        (["2026-03", "2026-04", "2026-05"], "Something moved in March, April and May."),
        (["2025-06"], "Something moved in one of the twelve months."),
        (["2025-06", *MONTHS[3:9]], "Something moved in seven of the twelve months."),
    ],
)
def test_months_are_named_until_the_year_is_full(active: list[str], sentence: str) -> None:
    story = narration.tell(make_figures(active_months=active, rhythm=len(active)))
    assert story.threads[-1] == sentence


@pytest.mark.parametrize(
    ("count", "words"), [(1, "once"), (2, "twice"), (12, "twelve times"), (13, "13 times"), (136, "136 times")]
)
def test_times_are_words_up_to_twelve(count: int, words: str) -> None:
    assert narration.times(count) == words


@pytest.mark.parametrize(
    ("count", "words"), [(1, "one person"), (2, "two people"), (12, "twelve people"), (74, "74 people")]
)
def test_people_are_words_up_to_twelve(count: int, words: str) -> None:
    assert narration.people(count) == words


def test_under_way_means_that_nothing_can_be_told() -> None:
    flow = {"give": WITHHELD, "receive": 0, "by_month": []}
    assert narration.is_under_way(make_figures(flow=flow))
    assert not narration.is_under_way(make_figures(flow={**flow, "receive": 2}))
    assert not narration.is_under_way(make_figures(flow={**flow, "give": 0}, rhythm=0))


def test_woven_band_has_no_strand_of_a_withheld_direction() -> None:
    rows = [{"month": month, "give": 11, "receive": WITHHELD} for month in MONTHS]
    band = woven_band(make_figures(flow={"give": 136, "receive": WITHHELD, "by_month": rows}))
    assert band is not None
    assert band.textures == ["lines"]
    assert not band.rises


def test_woven_band_is_absent_when_nothing_moved() -> None:
    rows = [{"month": month, "give": 0, "receive": WITHHELD} for month in MONTHS]
    assert woven_band(make_figures(flow={"give": 0, "receive": WITHHELD, "by_month": rows})) is None


def test_woven_band_crosses_both_strands_over_and_under() -> None:
    band = woven_band(make_figures())
    assert band is not None
    assert band.textures == ["dots", "lines"]
    assert len(band.rises) > 2
    assert sum(width for _x, width in band.rises) < band.width


def test_woven_band_measures_each_strand_by_itself() -> None:
    rows = [{"month": month, "give": 10 * number, "receive": number} for number, month in enumerate(MONTHS)]
    much = [{**row, "receive": row["give"]} for row in rows]
    one, other = (
        woven_band(make_figures(flow={"give": 99, "receive": 99, "by_month": months})) for months in (rows, much)
    )
    assert one == other


def test_running_month_is_drawn_like_the_one_before_it() -> None:
    rows = [{"month": month, "give": 8, "receive": 8} for month in MONTHS]
    begun = [*rows[:-1], {"month": MONTHS[-1], "give": 0, "receive": 1}]
    whole, running = (
        woven_band(make_figures(flow={"give": 96, "receive": 96, "by_month": months}), running=True)
        for months in (rows, begun)
    )
    assert running == whole
    assert running is not None
    assert running.ghost == 1100


def test_mix_bars_fill_the_whole_length() -> None:
    bars = mix_bars(make_figures()["mix"]["give"])
    assert [(bar.kind, bar.start, bar.length) for bar in bars] == [
        ("tip", 0.0, 60.0),
        ("advice", 60.0, 30.0),
        ("other", 90.0, 10.0),
    ]
