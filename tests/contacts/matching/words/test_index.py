"""The index of phrases."""

from hypothesis import given
from hypothesis import strategies as st

from contacts.matching.words.index import PhraseIndex

PHRASES = st.lists(
    st.sampled_from(
        ["Steuerberaterin", "Holzbau", "Büro", "Köln", "Förderung", "tax", "adviser", "website", "Zimmerer", "gärtner"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


def found(index: PhraseIndex, phrase: str, limit: int = 10) -> list[int]:
    return [hit.number for hit in index.best(index.likeness(phrase), limit)]


def test_likest_text_comes_first() -> None:
    index = PhraseIndex(["Holzhandel", "Steuerberaterin", "Beratung in Steuerfragen", "Gärtnerei"])
    assert found(index, "Steuerberater")[:2] == [1, 2]
    assert found(index, "Gaertner")[0] == 3
    assert found(index, "Steurberater")[0] == 1


def test_same_words_are_as_like_as_can_be() -> None:
    index = PhraseIndex(["Holzbau in Köln", "Holzbau"])
    (best, *_others) = index.best(index.likeness("Holzbau"), 2)
    assert (best.number, round(best.score, 6)) == (1, 1.0)


def test_nothing_is_found_in_nothing() -> None:
    assert found(PhraseIndex(), "Holzbau") == []
    assert found(PhraseIndex(["Holzbau", ""]), "") == []
    assert found(PhraseIndex(["", "?!"]), "Holzbau") == []


def test_added_text_is_found_and_withdrawn_one_is_not() -> None:
    index = PhraseIndex(["Gärtnerei"])
    number = index.add("Quantenkryptografie")
    assert (number, found(index, "Quantenkryptografie")) == (1, [1])
    index.withdraw(number)
    assert found(index, "Quantenkryptografie") == []


def test_only_accepted_texts_are_found() -> None:
    index = PhraseIndex(["Holzbau", "Holzbau", "Holzbau"])
    hits = index.best(index.likeness("Holzbau"), 2, lambda number: number != 0)
    assert [hit.number for hit in hits] == [1, 2]


@given(st.lists(PHRASES, max_size=8), PHRASES)
def test_scores_are_cosines_in_order(texts: list[str], phrase: str) -> None:
    index = PhraseIndex(texts)
    scores = [hit.score for hit in index.best(index.likeness(phrase), len(texts) or 1)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@given(st.lists(PHRASES, min_size=1, max_size=8), PHRASES)
def test_text_finds_itself(texts: list[str], phrase: str) -> None:
    index = PhraseIndex([*texts, phrase])
    best = index.best(index.likeness(phrase), len(texts) + 1)
    assert len(texts) in {hit.number for hit in best if hit.score >= best[0].score - 1e-6}


@given(st.lists(PHRASES, min_size=1, max_size=8), PHRASES)
def test_text_added_later_is_found_too(texts: list[str], phrase: str) -> None:
    index = PhraseIndex(texts)
    assert index.add(phrase) in found(index, phrase, len(texts) + 1)
