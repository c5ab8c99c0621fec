"""Entries as sentences."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.safestring import SafeString, mark_safe

from contacts.days import human_day
from favours.journal.sentences import (
    conversation_sentence,
    favour_sentence,
    heard_sentence,
    joined,
    passed_on_sentence,
    passes_on_sentence,
)
from favours.models import Favour

TODAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("direction", "kind", "people", "told"),
    [
        ("give", "tip", ["Anna", "Ben"], "You gave Anna and Ben a tip."),
        ("give", "introduction", ["Anna"], "You introduced Anna to somebody."),
        ("give", "introduction", ["Anna", "Ben", "Clara"], "You introduced Anna, Ben and Clara."),
        ("receive", "support", ["Anna"], "Anna lent you a hand."),
        ("receive", "tip", [], "Somebody gave you a tip."),
    ],
)
def test_favour_sentence_tells_who_did_what(direction: str, kind: str, people: list[str], told: str) -> None:
    assert favour_sentence(direction, kind, people) == told


@pytest.mark.parametrize("direction", Favour.Direction.values)
@pytest.mark.parametrize("kind", Favour.Kind.values)
@pytest.mark.parametrize("people", [[], ["Anna"], ["Anna", "Ben"]])
def test_favour_sentence_exists_for_each_direction_kind_and_number(
    direction: str, kind: str, people: list[str]
) -> None:
    told = favour_sentence(direction, kind, people)

    assert [name in told for name in people] == [True] * len(people)
    assert told.endswith(".")


def test_sentences_escape_names_and_keep_links() -> None:
    link = mark_safe('<a href="/x">Ben</a>')

    told = favour_sentence("give", "tip", ["<b>Anna</b>", link])

    assert isinstance(told, SafeString)
    assert told == 'You gave &lt;b&gt;Anna&lt;/b&gt; and <a href="/x">Ben</a> a tip.'


def test_names_with_braces_and_percent_signs_stand_as_they_are() -> None:
    assert favour_sentence("give", "tip", ["{people}%s"]) == "You gave {people}%s a tip."
    assert heard_sentence("seeks", "{text}", "100 % of {x}.") == "{text} is looking for 100 % of {x}."


def test_conversation_sentence_tells_talks_and_news() -> None:
    assert conversation_sentence(["Anna", "Ben"]) == "You talked with Anna and Ben."
    assert conversation_sentence(["Anna"], is_news=True) == "You heard news of Anna."
    assert conversation_sentence([]) == "You talked with somebody."


def test_passing_on_is_told_from_both_ends() -> None:
    assert passes_on_sentence(["Ben"], "yesterday") == "With it you passed on what had come from Ben (yesterday)."
    assert passed_on_sentence(["Anna"], "today") == "You passed it on to Anna (today)."
    assert passed_on_sentence([], "today") == "You passed it on (today)."


def test_joined_is_empty_without_people() -> None:
    assert joined([]) == ""


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 5, 3), "today"),
        (date(2026, 5, 2), "yesterday"),
        (date(2026, 5, 4), "tomorrow"),
        (date(2026, 1, 9), "9 January"),
        (date(2025, 5, 3), "3 May 2025"),
        (date(2027, 5, 3), "3 May 2027"),
    ],
)
def test_human_day_says_the_day_as_one_would(day: date, told: str) -> None:
    assert human_day(day, TODAY) == told
