"""The lexicon and the parts of compounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.matching.words.lexicon import SHORTEST_PART, SOURCE, inner_parts, simple_words, split
from contacts.text import fold


def concept_lines() -> list[list[str]]:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and line[0] not in "#!"]


def parts(word: str) -> list[str]:
    return [part.text for part in split(fold(word))]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Holzhändlers", ["holz", "handler"]),
        ("Steuerberatungen", ["steuerberat"]),
        ("Energieberatung", ["energieberat"]),
        ("Tischlerei", ["tischler"]),
        ("Zirkuszelt", ["zirkus", "zelt"]),
    ],
)
def test_compound_is_split_into_known_words(word: str, expected: list[str]) -> None:
    assert parts(word) == expected


def test_known_compound_has_inner_parts_if_they_are_all_known() -> None:
    assert [part.text for part in inner_parts("holzbau")] == ["holz", "bau"]
    assert [part.text for part in inner_parts("arzthelf")] == ["arzt", "helfer"]
    assert inner_parts("holz") == ()


def test_simple_word_is_known_and_not_made_of_what_it_begins_with() -> None:
    assert [part.text for part in split("lawn")] == ["lawn"]
    assert inner_parts("braut") == inner_parts("zimmermann") == ()
    assert [word for word in simple_words() if not word.isalnum()] == []


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_parts_stand_in_the_word_in_order(word: str) -> None:
    position = 0
    for part in split(word):
        position = word.index(part.text, position) + len(part.text)
    assert position <= len(word)


def test_lines_join_at_least_two_words_and_name_none_twice() -> None:
    wrong = [line for line in concept_lines() if len(line) < 2 or len({fold(word) for word in line}) < len(line)]
    assert wrong == []


def test_words_can_be_found() -> None:
    words = {word for line in concept_lines() for word in line}
    assert sorted(word for word in words if not fold(word).isalnum()) == []
    assert sorted(word for word in words if len(fold(word)) < SHORTEST_PART and len(fold(word)) < 2) == []
