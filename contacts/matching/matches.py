"""Whom a text is for: those who could use it, and those who know about it.

Matching looks at texts alone. It sees neither help nor its direction, so it cannot favour anybody for what they gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from contacts.matching.texts import MEMBER, Kind, Source, current_texts, sentences
from contacts.matching.words.index import Hit, PhraseIndex
from contacts.matching.words.phrases import CIRCUMSTANCES, words_of
from contacts.matching.words.word_similarity import TELLING, coverage, nearest
from contacts.models import Contact, Network, Topic

STRONG = 0.72
FAIR = 0.27
"""The least overlaps of a strong and of a fair match. What is implied is never more than fair."""

NEAR = 0.5
"""The least word_similarity of two words by which two texts fit each other."""

NAMED = 0.5
"""The least share of a topic that a text has to name, where the topic does not answer enough of the text."""

CIRCUMSTANCE = 0.2
"""What a word for a place or a time counts of its weight."""

SPARE = 20
"""How many more texts are looked up than asked for: a topic may turn out to be in the trash."""


class Strength(StrEnum):
    STRONG = "strong"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Match:
    """A text that is like the one asked about.

    `contact` is None for an offer of the member's own; `topic` is None for what is implied by a role, an organisation
    or notes. `words` are those of `text` that the match rests on, as written there. `score` (0 to 1) is the cosine by
    which matches are ordered; it falls with the other words of a long text, which the strength looks past.
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


def match(network: Network, text: str, *, kinds: Collection[Kind] = tuple(Kind), limit: int = 20) -> list[Match]:
    """The texts of these kinds that are like `text`, the likest first; see `match_all`."""
    return match_all(network, [text], kinds=kinds, limit=limit)[0]


def match_all(
    network: Network, texts: Sequence[str], *, kinds: Collection[Kind] = tuple(Kind), limit: int = 20
) -> list[list[Match]]:
    """For each text at most `limit` matches: open topics, asleep or not, and what is implied.

    People who are archived, in the trash or dead are left out. Four queries however many texts there are, and two or
    four more after a change.
    """
    hidden = _hidden_people(network)
    with current_texts(network) as known:
        phrases = [known.index.likeness(text) for text in texts]
        found = [known.find(phrase, kinds, limit + SPARE, hidden) for phrase in phrases]
        rows = _Rows(network, {source for hits in found for source, _hit in hits})
        return [_matches(rows, hits, text, known.index)[:limit] for text, hits in zip(texts, found, strict=True)]


def fits(one: str, other: str) -> bool:
    """Whether a word of one text is near to a word of the other. For two texts alone, where no index is needed."""
    asked, told = ({word.form for word in words_of(text)} - CIRCUMSTANCES for text in (one, other))
    return any(nearest(form, told) >= NEAR for form in asked)


def _hidden_people(network: Network) -> frozenset[int]:
    """The keys of those who are archived, in the trash or dead."""
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
    """How much each word of a text counts in an overlap."""
    weights = index.weights(text)
    return {form: weight * (CIRCUMSTANCE if form in CIRCUMSTANCES else 1) for form, weight in weights.items()}


def _overlap(asked: Mapping[str, float], told: Mapping[str, float], *, is_implied: bool) -> float:
    """What two texts have in common as a share of the one that has more of it: other words around do not lower it.

    What is merely implied has to speak of what is asked, or to be named there: a "studio" in the name of a firm is no
    answer to a long sentence with a "workshop" in it.
    """
    answered, named = coverage(asked, told), coverage(told, asked)
    return max(answered, named) if named >= (STRONG if is_implied else NAMED) else answered


def _telling_words(text: str, asked: Collection[str]) -> tuple[str, ...]:
    """The words of a text, as written there, that speak for a match."""
    return tuple(dict.fromkeys(word.text for word in words_of(text) if nearest(word.form, asked) >= TELLING))


class _Rows:
    """The contacts and topics behind some sources, as far as they may be shown. Two queries."""

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
