"""The people for whom a text is relevant: those who could use it, and those who know about it.

Matching looks at texts only. It does not see help or its direction, so it cannot favour anybody for what they gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from contacts.matching.texts import MEMBER, Kind, Source, current_texts, sentences
from contacts.matching.words.index import Hit, PhraseIndex
from contacts.matching.words.phrases import CIRCUMSTANCES, words_of
from contacts.matching.words.word_similarity import TELLING, coverage, nearest
from contacts.models import Contact, Network, Topic

STRONG = 0.72
FAIR = 0.27
"""Minimum overlaps of a strong and of a fair match. Implied matches are never more than fair."""

NEAR = 0.5
"""Minimum similarity of two words by which two texts fit each other."""

NAMED = 0.5
"""Minimum share of a topic that a text has to name if the topic does not cover enough of the text."""

CIRCUMSTANCE = 0.2
"""Factor on the weight of a word for a place or a time."""

SPARE = 20
"""Texts looked up beyond the number asked for, because some topics may turn out to be in the trash."""


class Strength(StrEnum):
    STRONG = "strong"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Match:
    """A stored text that resembles the text asked about.

    `contact` is None for one of the member's own offers. `topic` is None if the match is implied by a role, an
    organisation or notes. `words` are the words of `text`, as written there, on which the match is based. `score` (0 to
    1) is the cosine by which matches are ordered; it decreases with every unrelated word of a long text, which the
    strength ignores.
    """

    contact: Contact | None
    topic: Topic | None
    kind: Kind
    text: str
    score: float
    strength: Strength
    words: tuple[str, ...]

    @property
    def implied(self) -> bool:
        return self.kind.is_implied


class Question(NamedTuple):
    """A text to be matched, with the kinds of texts that may answer it and the maximum number of matches."""

    text: str
    kinds: Collection[Kind] = tuple(Kind)
    limit: int = 20


def match(network: Network, text: str, *, kinds: Collection[Kind] = tuple(Kind), limit: int = 20) -> list[Match]:
    """Return the texts of these kinds that match `text`, the best first; see `match_all`."""
    return match_all(network, [text], kinds=kinds, limit=limit)[0]


def match_all(
    network: Network, texts: Sequence[str], *, kinds: Collection[Kind] = tuple(Kind), limit: int = 20
) -> list[list[Match]]:
    """Return at most `limit` matches per text, all of the same kinds; see `answers`."""
    return answers(network, [Question(text, kinds, limit) for text in texts])


def answers(network: Network, questions: Sequence[Question]) -> list[list[Match]]:
    """Return the matches of each question, the best first: open topics, asleep or not, and implied texts.

    People who are archived, in the trash or dead are left out. Takes four queries, however many questions there are,
    and two or four more after a change; none if there is no question.
    """
    if not questions:
        return []
    hidden = _hidden_people(network)
    with current_texts(network) as known:
        likenesses = [known.index.likeness(question.text) for question in questions]
        found = [
            known.find(likeness, question.kinds, question.limit + SPARE, hidden)
            for question, likeness in zip(questions, likenesses, strict=True)
        ]
        rows = _Rows(network, {source for hits in found for source, _hit in hits})
        return [
            _matches(rows, hits, question.text, known.index)[: question.limit]
            for question, hits in zip(questions, found, strict=True)
        ]


def fits(one: str, other: str) -> bool:
    """Return whether any word of one text is similar to a word of the other. Needs no index, for just two texts."""
    asked, told = ({word.form for word in words_of(text)} - CIRCUMSTANCES for text in (one, other))
    return any(nearest(form, told) >= NEAR for form in asked)


def _hidden_people(network: Network) -> frozenset[int]:
    """Return the primary keys of contacts that are archived, in the trash or dead."""
    everybody = network.contacts(manager="with_trash")
    shown = Q(archived_at=None, deleted_at=None, has_died=False)
    return frozenset(everybody.exclude(shown).values_list("pk", flat=True))


def _matches(rows: _Rows, hits: Iterable[tuple[Source, Hit]], phrase: str, index: PhraseIndex) -> list[Match]:
    asked = _weights(index, phrase)
    matches = []
    for source, hit in hits:
        if not rows.may_be_shown(source):
            continue
        text = rows.text(source)
        is_implied = source.kind.is_implied
        overlap = _overlap(asked, _weights(index, text), is_implied=is_implied)
        if overlap < FAIR:
            continue
        is_strong = overlap >= STRONG and not is_implied
        matches.append(
            Match(
                contact=rows.contacts.get(source.contact),
                topic=None if is_implied else rows.topics[source.item],
                kind=source.kind,
                text=text,
                score=hit.score,
                strength=Strength.STRONG if is_strong else Strength.FAIR,
                words=_telling_words(text, asked),
            )
        )
    return matches


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
    """Return the words of a text, as written there, that account for a match."""
    return tuple(dict.fromkeys(word.text for word in words_of(text) if nearest(word.form, asked) >= TELLING))


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
