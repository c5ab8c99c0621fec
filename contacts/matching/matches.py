"""The people for whom a text is relevant: those who could use it, and those who know about it.

Matching looks at texts only. It does not see help or its direction, so it cannot favour anybody for what they gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import NamedTuple

from django.db.models import Q

from contacts.matching.calibration import WEIGHTS
from contacts.matching.likelihood import Features, rivals_of
from contacts.matching.texts import MEMBER, Kind, NetworkTexts, Source, current_texts, key_of, sentences
from contacts.matching.vectors import Ask, Nearness, Side, nearest, side_of
from contacts.matching.words.index import Hit, PhraseIndex
from contacts.matching.words.phrases import CIRCUMSTANCES, words_of
from contacts.matching.words.word_similarity import TELLING, coverage, coverages
from contacts.matching.words.word_similarity import nearest as nearest_word
from contacts.meaning.client import NoMeaningError
from contacts.models import Contact, Network, Topic

LIKELY = 0.8
POSSIBLE = 0.5
"""Minimum probability of a strong and of a fair match. Implied matches are never more than fair."""

WORTH_A_LOOK = 0.1
"""Minimum probability of a match that pages show as "perhaps"; below it, more than nine in ten would be wrong."""

UNLIKELY = 0.05
"""Minimum probability that a text would have if all words were in common, for it to be considered for `PERHAPS`."""

STRONG = 0.72
FAIR = 0.27
"""Minimum overlap of a strong and of a fair match by words only, where no engine knows the meaning of texts."""

NEAR = 0.5
"""Minimum similarity of two words by which two texts fit each other."""

NAMED = 0.5
"""Minimum share of a topic that a text has to name if the topic does not cover enough of the text."""

CIRCUMSTANCE = 0.2
"""Factor on the weight of a word for a place or a time."""

SPARE = 20
"""Texts looked up beyond the number asked for, because some topics may turn out to be in the trash."""


class Strength(StrEnum):
    """The certainty of a match. `PERHAPS` is only for pages on which the member decides."""

    STRONG = "strong"
    FAIR = "fair"
    PERHAPS = "perhaps"


class By(StrEnum):
    """The basis of a match."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Match:
    """A stored text that resembles the text asked about.

    `contact` is None for one of the member's own offers. `topic` is None if the match is implied by a role, an
    organisation or notes. `words` are the words of `text`, as written there, that the two have in common.

    `probability` is the probability that the match is right, and determines its strength and order. If no engine knows
    the text, it is None, and matches are ordered by `score` (0 to 1), the cosine of their words. The score decreases
    with every unrelated word of a long text, which the strength ignores.
    """

    contact: Contact | None
    topic: Topic | None
    kind: Kind
    text: str
    score: float
    strength: Strength
    words: tuple[str, ...]
    probability: float | None = None

    @property
    def by(self) -> By:
        if self.probability is None:
            return By.WORDS
        return By.BOTH if self.words else By.MEANING

    @property
    def is_worth_a_look(self) -> bool:
        """Whether a page on which the member decides should show it."""
        return self.probability is None or self.probability >= WORTH_A_LOOK

    @property
    def implied(self) -> bool:
        return self.kind.is_implied


class Question(NamedTuple):
    """A text to be matched, with the kinds of texts that may answer it and the maximum number of matches.

    With `perhaps`, these include texts that are less likely right than wrong.
    """

    text: str
    kinds: Collection[Kind] = tuple(Kind)
    limit: int = 20
    perhaps: bool = False


def match(
    network: Network,
    text: str,
    *,
    kinds: Collection[Kind] = tuple(Kind),
    limit: int = 20,
    perhaps: bool = False,
) -> list[Match]:
    """Return the texts of these kinds that match `text`, the best first; see `match_all`."""
    return match_all(network, [text], kinds=kinds, limit=limit, perhaps=perhaps)[0]


def match_all(
    network: Network,
    texts: Sequence[str],
    *,
    kinds: Collection[Kind] = tuple(Kind),
    limit: int = 20,
    perhaps: bool = False,
) -> list[list[Match]]:
    """Return at most `limit` matches per text, all of the same kinds; see `answers`."""
    return answers(network, [Question(text, kinds, limit, perhaps) for text in texts])


def answers(network: Network, questions: Sequence[Question]) -> list[list[Match]]:
    """Return the matches of each question, the best first: open topics, asleep or not, and implied texts.

    People who are archived, in the trash or dead are left out. Takes five queries, however many questions there are,
    and two to four more after a change; none if there is no question.
    """
    if not questions:
        return []
    hidden = _hidden_people(network)
    with current_texts(network) as known:
        found = [
            _Found(each, known.find(known.index.likeness(each.text), each.kinds, each.limit + SPARE, hidden))
            for each in questions
        ]
        _add_meaning(network, known, [each for each in found if each.text.strip()], hidden)
        rows = _Rows(network, {source for each in found for source in each.sources})
        return [_matches(rows, each, known.index)[: each.question.limit] for each in found]


class _Found:
    """The texts found for a question, by words (`hits`) and by meaning (`cosines`)."""

    def __init__(self, question: Question, hits: Iterable[tuple[Source, Hit]]) -> None:
        self.question = question
        self.hits = dict(hits)
        self.engines: tuple[str, ...] = ()
        self.cosines: dict[Source, tuple[float, ...]] = {}
        self.rivals: dict[bool, float] = {}

    @property
    def text(self) -> str:
        return self.question.text

    @property
    def sources(self) -> set[Source]:
        return {*self.hits, *self.cosines}


def fits(one: str, other: str) -> bool:
    """Return whether any word of one text is similar to a word of the other. Needs no index, for just two texts."""
    asked, told = ({word.form for word in words_of(text)} - CIRCUMSTANCES for text in (one, other))
    return any(nearest_word(form, told) >= NEAR for form in asked)


def fitting(network: Network, texts: Sequence[str], needs: Sequence[str]) -> set[tuple[int, int]]:
    """Return the pairs of texts and a network's open needs that fit, by a word or by meaning, as pairs of positions.

    Takes one query, and more if the engine does not know the network yet.
    """
    fitting = {
        (position, place) for position, text in enumerate(texts) for place, need in enumerate(needs) if fits(text, need)
    }
    keys = [key_of(need) for need in needs]
    try:
        near = nearest(network, [Ask(text, Side.TOLD, keys) for text in texts])
    except NoMeaningError:
        return fitting
    for position, its_nearness in enumerate(near):
        weights = WEIGHTS.get(its_nearness.engines)
        for place, key in enumerate(keys):
            cosines = its_nearness.cosines.get(key)
            if weights and cosines:
                lengths = len(needs[place].split()), len(texts[position].split())
                if weights.probability(Features(cosines, -inf, 0.0, 0.0, *lengths)) >= POSSIBLE:
                    fitting.add((position, place))
    return fitting


def _hidden_people(network: Network) -> frozenset[int]:
    """Return the primary keys of contacts that are archived, in the trash or dead."""
    everybody = network.contacts(manager="with_trash")
    shown = Q(archived_at=None, deleted_at=None, has_died=False)
    return frozenset(everybody.exclude(shown).values_list("pk", flat=True))


def _add_meaning(network: Network, known: NetworkTexts, found: Sequence[_Found], hidden: Collection[int]) -> None:
    """Add the texts that are near in meaning, and the cosines of those found by words.

    A question is encoded as a need for comparing it with answers, and as an answer for comparing it with needs.
    Without an engine, nothing is added.
    """
    for side in Side:
        comparing = [each for each in found if any(side_of(kind) != side for kind in each.question.kinds)]
        asks = [
            Ask(each.text, side, [known.key(hit) for source, hit in each.hits.items() if side_of(source.kind) != side])
            for each in comparing
        ]
        try:
            near = nearest(network, asks) if asks else []
        except NoMeaningError:
            return
        for each, its_nearness in zip(comparing, near, strict=True):
            _add_nearness(known, each, its_nearness, side, hidden)


def _add_nearness(known: NetworkTexts, found: _Found, near: Nearness, side: Side, hidden: Collection[int]) -> None:
    kinds = [kind for kind in found.question.kinds if side_of(kind) != side]
    found.engines = near.engines
    found.rivals[side is Side.TOLD] = rivals_of([sum(cosines) for cosines in near.cosines.values()])
    in_order = sorted(near.cosines, key=lambda key: -sum(near.cosines[key]))
    sources = list(known.at(in_order, kinds, hidden))
    nearest_ones = {source for _key, source in sources[: found.question.limit + SPARE]}
    found.cosines |= {
        source: near.cosines[key] for key, source in sources if source in nearest_ones or source in found.hits
    }


def _matches(rows: _Rows, found: _Found, index: PhraseIndex) -> list[Match]:
    asked = _weights(index, found.text)
    perhaps = found.question.perhaps
    matches = []
    for source in found.sources:
        if not rows.may_be_shown(source):
            continue
        text = rows.text(source)
        probability = _probability(found, source, text, asked, index, least=UNLIKELY if perhaps else POSSIBLE)
        if probability is None:
            told = _weights(index, text)
            strength = _strength_by_words(_overlap(asked, told, is_implied=source.kind.is_implied), source.kind)
        else:
            strength = _strength(probability, source.kind)
        if strength is None or (strength is Strength.PERHAPS and not perhaps):
            continue
        matches.append(
            Match(
                contact=rows.contacts.get(source.contact),
                topic=None if source.kind.is_implied else rows.topics[source.item],
                kind=source.kind,
                text=text,
                score=found.hits[source].score if probability is None else probability,
                strength=strength,
                words=_telling_words(text, asked),
                probability=probability,
            )
        )
    return sorted(matches, key=_order)


def _order(match: Match) -> tuple[int, float]:
    """Return the sort key: the likeliest first. Matches found only by words come after the strong and fair ones."""
    if match.probability is not None:
        return (0, -match.probability) if match.probability >= POSSIBLE else (2, -match.probability)
    return (1, -match.score)


def _probability(
    found: _Found, source: Source, text: str, asked: Mapping[str, float], index: PhraseIndex, *, least: float
) -> float | None:
    """Return the probability that a text answers the question, or the reverse for a need; None if no engine knows it.

    Words are compared only if they could raise it to `least`, because comparing them takes most of the time.
    """
    cosines = found.cosines.get(source)
    weights = WEIGHTS.get(found.engines)
    if cosines is None or weights is None:
        return None
    need, answer = (text, found.text) if source.kind is Kind.SEEKS else (found.text, text)
    features = Features(
        cosines=cosines,
        rivals=found.rivals[source.kind is Kind.SEEKS],
        answered=0.0,
        named=0.0,
        need_length=len(need.split()),
        text_length=len(answer.split()),
    )
    if weights.most(features) < least:
        return weights.probability(features)
    told = _weights(index, text)
    of_need, of_answer = (told, asked) if source.kind is Kind.SEEKS else (asked, told)
    answered, named = coverages(of_need, of_answer)
    return weights.probability(features._replace(answered=answered, named=named))


def _strength(probability: float, kind: Kind) -> Strength:
    if probability >= LIKELY and not kind.is_implied:
        return Strength.STRONG
    return Strength.FAIR if probability >= POSSIBLE else Strength.PERHAPS


def _strength_by_words(overlap: float, kind: Kind) -> Strength | None:
    if overlap < FAIR:
        return None
    return Strength.STRONG if overlap >= STRONG and not kind.is_implied else Strength.FAIR


def _weights(index: PhraseIndex, text: str) -> dict[str, float]:
    """Return the weight of each word of a text in an overlap."""
    weights = index.weights(text)
    return {form: weight * (CIRCUMSTANCE if form in CIRCUMSTANCES else 1) for form, weight in weights.items()}


def _overlap(asked: Mapping[str, float], told: Mapping[str, float], *, is_implied: bool) -> float:
    """Return the overlap of two texts, from 0 to 1: the larger of the shares in which each covers the other.

    Taking the larger share keeps unrelated words from lowering it. The share of `told` counts only above a minimum,
    which is high for an implied text: "studio" in the name of a firm does not answer a long sentence that mentions a
    "workshop".
    """
    answered = coverage(asked, told)
    if not answered:
        return 0.0  # Texts with nothing in common needn't be compared the other way round.
    named = coverage(told, asked)
    return max(answered, named) if named >= (STRONG if is_implied else NAMED) else answered


def _telling_words(text: str, asked: Collection[str]) -> tuple[str, ...]:
    """Return the words of a text, as written in it, that account for a match."""
    return tuple(dict.fromkeys(word.text for word in words_of(text) if nearest_word(word.form, asked) >= TELLING))


class _Rows:
    """The contacts and topics behind some sources, if they may be shown. Takes two queries."""

    def __init__(self, network: Network, sources: Collection[Source]) -> None:
        topic_ids = {source.item for source in sources if not source.kind.is_implied}
        self.contacts = network.contacts.in_bulk({source.contact for source in sources})
        self.topics = network.topics.filter(closed_on=None).in_bulk(topic_ids)

    def may_be_shown(self, source: Source) -> bool:
        is_known = source.contact == MEMBER or source.contact in self.contacts
        return is_known and (source.kind.is_implied or source.item in self.topics)

    def text(self, source: Source) -> str:
        if not source.kind.is_implied:
            return self.topics[source.item].text
        contact = self.contacts[source.contact]
        if source.kind is Kind.NOTES:
            return sentences(contact.notes)[source.item]
        return contact.role if source.kind is Kind.ROLE else contact.organisation
