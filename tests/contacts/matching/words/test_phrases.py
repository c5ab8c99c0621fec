"""Words of phrases: gender, case, umlauts and repetitions for the other gender make no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.matching.words.phrases import words_of


def forms(phrase: str) -> list[str]:
    return [word.form for word in words_of(phrase)]


@pytest.mark.parametrize(
    "phrase",
    [
        "Entwickler",
        "Entwicklerin",
        "Entwicklerinnen",
        "Entwickler/in",
        "Entwickler/-in",
        "Entwickler/innen",
        "Entwickler*in",
        "Entwickler*innen",
        "Entwickler:in",
        "Entwickler_innen",
        "Entwickler(in)",
        "EntwicklerIn",
        "EntwicklerInnen",
        "Entwickler (m/w/d)",
        "Entwickler (w|m|x)",
        "Entwickler/Entwicklerin",
        "ENTWICKLER",
        "ein Entwickler",
    ],
)
def test_gendered_writings_have_one_form(phrase: str) -> None:
    assert forms(phrase) == ["entwickler"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Straße", "STRASSE"),
        ("Kauffrau", "Kaufmann"),
        ("Kaufleute", "Kaufmann"),
        ("Angestellte/r", "Angestellte"),
        ("Café", "Cafe"),
        ("Bu\u0308ro", "Büro"),
    ],
)
def test_spellings_have_one_form(one: str, other: str) -> None:
    assert forms(one) == forms(other)


@pytest.mark.parametrize("word", ["Medizin", "Benzin", "Termin", "Magazin", "Protein", "Wein", "Verein", "Berlin"])
def test_words_that_only_look_feminine_keep_their_ending(word: str) -> None:
    assert forms(word) == [word.lower()]


def test_words_without_meaning_are_left_out() -> None:
    assert forms("Ich suche jemanden, der mir mit der Website hilft") == ["website", "hilft"]
    assert forms("looking for a good tax adviser") == ["tax", "adviser"]


def test_slash_between_different_things_keeps_both() -> None:
    assert forms("Koch/Kellner") == ["koch", "kellner"]


def test_word_is_told_as_it_is_written() -> None:
    assert [word.text for word in words_of("Büro-Räume für Gründer*innen")] == ["Büro", "Räume", "Gründer"]


@given(st.text(max_size=200))
def test_any_text_has_words_that_stand_in_it(text: str) -> None:
    for word in words_of(text):
        assert word.form
