"""The part of a round that comes from matching. All texts of a network are matched at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from contacts.matching import Kind as Text
from contacts.matching import Match, Question, Strength, answers
from contacts.models import Network
from favours.models.suggestion import mark_of
from favours.suggestions.lines import Line, Tip
from favours.suggestions.scoring import Candidate, is_eligible
from favours.suggestions.signals import Evidence, Kind

MOST_SEEKS = 100
"""Maximum needs that are matched, the latest first. A list has only five places, and each match takes milliseconds."""
MOST_ASKS = 10
"""Maximum asks of the member that are matched, the latest first."""
MATCHES_OF_LINE = 8
"""Matches per need and per ask."""
MATCHES_OF_TIP = 40
"""Matches per tip."""

ANSWER_A_NEED = (Text.OFFERS, Text.ROLE, Text.ORGANISATION)
ANSWER_AN_ASK = (Text.OFFERS, Text.ROLE, Text.ORGANISATION, Text.NOTES)
MAY_USE_A_TIP = (Text.SEEKS, Text.INTEREST)

Found: TypeAlias = Iterator[tuple[int, Evidence]]
"""Pairs of a contact's primary key and evidence about that contact."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Evidence from matching: for suggesting people, and for asking them about something that the member looks for.

    `answered` are the keys of the needs for which somebody, a tip in the tip box or the member has an answer.
    """

    evidence: Sequence[tuple[int, Evidence]]
    asks: Sequence[tuple[int, Evidence]]
    answered: frozenset[int]


def match_lines(
    network: Network,
    lines: Sequence[Line],
    tips: Sequence[Tip],
    people: Mapping[int, Candidate],
    on: date,
    questions: Collection[Line],
) -> Matched:
    """Returns the matches of a network with these people, by their keys.

    `questions` are needs that the letter might ask about; they are matched even if their people can't be suggested.
    """
    needs = _latest((line for line in lines if line.is_need and _may_be_suggested(line, people, on)), on, MOST_SEEKS)
    asks = _latest((line for line in lines if line.is_need and line.contact is None), on, MOST_ASKS)
    further = [line for line in questions if line not in needs]
    asked = [Question(line.text, ANSWER_A_NEED, MATCHES_OF_LINE) for line in (*needs, *further)]
    asked += [Question(ask.text, ANSWER_AN_ASK, MATCHES_OF_LINE) for ask in asks]
    asked += [Question(tip.text, MAY_USE_A_TIP, MATCHES_OF_TIP) for tip in tips]
    found = iter(answers(network, asked))
    of_needs = [each for need in needs for each in _met_need(need, next(found), people, on)]
    of_questions = [each for line in further for each in _met_need(line, next(found), people, on)]
    of_asks = [each for ask in asks for each in _met_ask(ask, next(found), on)]
    by_key = {line.key: line for line in lines}
    of_tips = [each for tip in tips for each in _fitting_tip(tip, next(found), by_key, on)]
    met = [
        each.topic
        for contact, each in (*of_needs, *of_questions, *of_tips)
        if each.kind is Kind.MATCH and each.topic is not None and each.reason not in people[contact].rejected
    ]
    return Matched([*of_needs, *of_tips], of_asks, frozenset(met))


def _latest(lines: Iterable[Line], on: date, most: int) -> list[Line]:
    awake = (line for line in lines if line.is_awake(on))
    return list(islice(sorted(awake, key=lambda line: (line.day, line.key), reverse=True), most))


def _may_be_suggested(line: Line, people: Mapping[int, Candidate], on: date) -> bool:
    person = people.get(line.contact) if line.contact is not None else None
    return person is not None and is_eligible(person, on)


def _met_need(need: Line, matches: Iterable[Match], people: Mapping[int, Candidate], on: date) -> Found:
    """Yields what somebody seeks and others offer, expressly or by their role, or the member offers."""
    seeker = people.get(need.contact) if need.contact is not None else None
    if seeker is None:
        return
    for match in matches:
        other = match.contact.pk if match.contact else None
        if other == seeker.key or not _is_known(match, on):
            continue
        helper = people.get(other) if other is not None else None
        is_within = helper is not None and not seeker.circles.isdisjoint(helper.circles)
        yield seeker.key, _evidence(Kind.MATCH, need, match, other=other, is_within=is_within)


def _met_ask(ask: Line, matches: Iterable[Match], on: date) -> Found:
    """Yields evidence about people who may know about something that the member is looking for."""
    for match in matches:
        if match.contact is not None and _is_known(match, on):
            sentence = mark_of(match.text) if match.kind is Text.NOTES else ""
            yield match.contact.pk, _evidence(Kind.ASK, ask, match, sentence=sentence)


def _fitting_tip(tip: Tip, matches: Iterable[Match], lines: Mapping[int, Line], on: date) -> Found:
    """Yields matches of a kept tip with needs and interests.

    A need that is asleep matches only tips that were kept after it fell asleep.
    """
    for match in matches:
        line = lines.get(match.topic.pk) if match.topic else None
        if line is None or line.contact is None:
            continue
        if not line.is_need or line.is_awake(on) or not line.is_awake(tip.kept_on):
            kind = Kind.MATCH if line.is_need else Kind.INTEREST
            is_strong = match.strength is Strength.STRONG
            yield line.contact, Evidence(kind, day=line.day, is_strong=is_strong, topic=line.key, tip=tip.key)


def _evidence(
    kind: Kind, line: Line, match: Match, *, other: int | None = None, sentence: str = "", is_within: bool = False
) -> Evidence:
    return Evidence(
        kind,
        day=line.day,
        is_strong=match.strength is Strength.STRONG,
        topic=line.key,
        other=other,
        other_topic=match.topic.pk if match.topic else None,
        implied=match.kind.value if match.implied else "",
        sentence=sentence,
        is_within=is_within,
    )


def _is_known(match: Match, on: date) -> bool:
    return match.topic is None or match.topic.noted_on <= on
