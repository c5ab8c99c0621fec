"""The similarity of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.matching.words.phrases import form_of
from contacts.matching.words.word_similarity import TELLING, coverage, coverages, word_similarity

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Steuerberater", "Steuerberatung"),  # inflection
        ("Steuerberaterin", "Steuerfragen"),  # compounds
        ("Holzbau", "Holz"),
        ("Förderprogramm", "Förderung"),
        ("Programmierer", "Softwareentwicklerin"),  # synonyms
        ("Zahnarzt", "dentist"),  # languages
        ("Steuer", "tax"),
        ("Steuerberater", "Steurberater"),  # typos
        ("Fotograf", "Photograph"),
        ("Fahrrad", "Farrad"),
        ("Programierer", "Programmierer"),
        ("Physiotherapie", "Phyisotherapie"),
        ("Umzug", "Umzugshelfer"),  # known compounds without their endings
        ("Arzt", "Arzthelferin"),
        ("Ukulele", "Ukulelenkurs"),  # unknown words
        ("Quitten", "Quittenmarmelade"),
        ("Brauer", "Brauerei"),
        ("Gärtnerin", "Garten"),
        ("Zimmererin", "Zimmermann"),
    ],
)
def test_related_words_tell(one: str, other: str) -> None:
    assert TELLING <= word_similarity(form_of(one), form_of(other)) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Winter", "carpenter"),
        ("Stuhl", "Stuttgart"),
        ("Bank", "Bangkok"),
        ("Köln", "Kollege"),
        ("Haus", "Hase"),
        ("Zimmer", "Zimmermann"),
        ("Bau", "Bauch"),
        ("Bank", "Bankett"),
        ("Brau", "Braut"),
        ("Rat", "Ratte"),
        ("Kran", "krank"),
        ("Schule", "Schuld"),
        ("Rad", "Radio"),
        ("Bild", "Bildung"),
        ("Form", "Formular"),
        ("Kapital", "Kapitän"),
        ("Ziege", "Ziegel"),
        ("Sand", "Sandale"),
        ("Konzert", "Konzern"),
        ("office", "officer"),
        ("import", "important"),
        ("port", "portrait"),
        ("law", "lawn"),
        ("car", "carpenter"),
        ("car", "care"),
        ("plan", "planet"),
        ("patent", "patient"),
        ("bus", "business"),
        ("part", "partner"),
        ("Wohnung", "Hochzeit"),
        ("management", "Krankenpfleger"),
    ],
)
def test_words_that_only_look_alike_do_not_tell(one: str, other: str) -> None:
    assert word_similarity(form_of(one), form_of(other)) < TELLING


@given(WORDS, WORDS)
def test_word_similarity_is_mutual_and_greatest_with_itself(one: str, other: str) -> None:
    assert 0 <= word_similarity(one, other) == word_similarity(other, one) <= word_similarity(one, one) == 1


@given(st.dictionaries(WORDS, st.floats(0.1, 10), min_size=1, max_size=4), st.sets(WORDS, max_size=4))
def test_coverage_is_a_share_that_grows_with_the_words(weights: dict[str, float], others: set[str]) -> None:
    assert 0 <= coverage(weights, others) <= coverage(weights, {*others, *weights}) == pytest.approx(1)


def test_coverage_of_nothing_is_nothing() -> None:
    assert (coverage({}, {"holz"}), coverage({"holz": 1.0}, ())) == (0, 0)


def test_coverages_are_the_coverage_of_each_by_the_other() -> None:
    one, other = {"steuerberater": 2.0, "verein": 1.0}, {"steuer": 1.0, "garten": 3.0}
    assert coverages(one, other) == (coverage(one, other), coverage(other, one))
    assert coverages(one, {}) == coverages({}, one)[::-1] == (0.0, 0.0)
