"""Needs as they can be quoted to the person who has them."""

import pytest

from favours.suggestions.their_words import told_to_them


@pytest.mark.parametrize(
    ("need", "told"),
    [
        ("a tax adviser for her studio", "a tax adviser"),
        ("a tax adviser.", "a tax adviser"),
        ("somebody to look after his dog in July", ""),
        ("an office, because their lease ends", "an office"),
        ("a place to live in Ulm with their two cats", "a place to live in Ulm"),
        ("her lost keys", ""),
        ("einen Steuerberater für ihr Studio", "einen Steuerberater"),
        ("eine Wohnung, seine wird verkauft", "eine Wohnung"),
        ("einen Proberaum für sich und seine Band", "einen Proberaum"),
        ("jemand, der uns die Hecke schneidet, 40 m Thuja", "jemand, der uns die Hecke schneidet, 40 m Thuja"),
        ("a co-founder (she wants to go part-time)", "a co-founder"),
        ("hilft ihr beim Umzug", ""),
        ("a sheltered shed for theatre masks", "a sheltered shed for theatre masks"),
    ],
)
def test_need_is_told_without_words_that_only_others_would_say(need: str, told: str) -> None:
    assert told_to_them(need) == told
