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
            "by_month": [{"month": month, "give": 11, "receive": 5} for month in MONTHS],
        },
        "breadth": {"give": 74, "receive": 38},
        "spread": {"give": 31.4, "receive": 37.9},
        "mix": {
            "give": [{"kind": "tip", "share": 0.6}, {"kind": "other", "share": 0.4}],
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


def test_full_year_is_told_in_two_paragraphs() -> None:
    story = narration.tell(make_figures())
    assert story.given == [
        "In twelve months you helped 136 times, mostly with tips.",
        "It reached 74 people, mainly about 31.",
        "About three quarters was just so: nothing had come from there before, as far as logged.",
    ]
    assert story.received == [
        "You were helped 64 times, by 38 people.",
        "About half came from somewhere else entirely, as far as logged.",
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
    assert story.given == ["In twelve months you helped 136 times.", "It reached 74 people, mainly about 31."]
    assert story.received[1] == "Three times you passed on something you had received."


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
    assert story.received[-1] == sentence


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
    assert {piece.texture for piece in band.pieces} == {"lines"}


def test_woven_band_is_absent_when_nothing_moved() -> None:
    rows = [{"month": month, "give": 0, "receive": WITHHELD} for month in MONTHS]
    assert woven_band(make_figures(flow={"give": 0, "receive": WITHHELD, "by_month": rows})) is None


def test_woven_band_crosses_both_strands_over_and_under() -> None:
    band = woven_band(make_figures())
    assert band is not None
    assert [piece.texture for piece in band.pieces if piece.cover].count("lines") > 3
    assert [piece.texture for piece in band.pieces if piece.cover].count("dots") > 3


def test_mix_bars_fill_the_whole_length() -> None:
    bars = mix_bars(make_figures()["mix"]["give"])
    assert [(bar.kind, bar.start, bar.length) for bar in bars] == [("tip", 0.0, 60.0), ("other", 60.0, 40.0)]
