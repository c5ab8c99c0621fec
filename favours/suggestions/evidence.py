"""The evidence for suggesting people, read from the rows of some networks without the direction or kind of any help.

What is read of several networks at once takes the same few queries as for one. Matching takes some for each network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeAlias

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from contacts import matching
from contacts.matching import Match, Question, Strength, answers, forget_texts
from contacts.models import Contact, ConversationParticipation, Network, Reminder, Topic
from contacts.models.topic import ASLEEP_AFTER
from favours.models import TipBoxItem
from favours.suggestions.people import people_of
from favours.suggestions.scoring import Candidate, Scored, is_eligible
from favours.suggestions.signals import MILESTONE_AHEAD, NEWS_LASTS, Evidence, Kind

MOST_SEEKS = 100
"""Maximum number of needs, the latest ones, that are matched: a list has five places, and a match takes milliseconds.
"""
MOST_TIPS = 30
"""Maximum number of tips, the latest ones, that are matched."""

MATCHES_OF_SEEKS = 8
"""Matches per need."""
MATCHES_OF_TIP = 40
"""Matches per tip."""

ANSWER_A_NEED = (matching.Kind.OFFERS, matching.Kind.ROLE, matching.Kind.ORGANISATION)
MAY_USE_A_TIP = (matching.Kind.SEEKS, matching.Kind.INTEREST)

Found: TypeAlias = Iterator[tuple[int, Evidence]]
"""Evidence for suggesting contacts, each named by their key."""


class _Line(NamedTuple):
    """A topic that somebody seeks or is interested in; `day` is when it was noted or last confirmed."""

    key: int
    network: int
    contact: int
    kind: str
    text: str
    noted_on: date
    day: date

    def is_awake(self, on: date) -> bool:
        return on - self.day <= ASLEEP_AFTER


def candidates(networks: Collection[Network], on: date) -> dict[Network, list[Candidate]]:
    """Returns everybody alive and not archived in each network, with what was known of them on the day `on`."""
    topics = _lines(networks, on)
    people = people_of(networks, on, _newest_seeks(topics.values()))
    tips = _tips(networks, on)
    evidence: defaultdict[int, list[Evidence]] = defaultdict(list)
    for contact, each in _plain(networks, topics.values(), on):
        evidence[contact].append(each)
    of_network: defaultdict[int, dict[int, _Line]] = defaultdict(dict)
    for key, topic in topics.items():
        of_network[topic.network][key] = topic
    found = {}
    for network in networks:
        there = people[network.pk]
        for contact, each in _matched(network, of_network[network.pk], tips[network.pk], there, on):
            evidence[contact].append(each)
        found[network] = [replace(person, evidence=tuple(evidence[key])) for key, person in there.items()]
        if len(networks) > 1:
            forget_texts(network)
    return found


def with_memories(networks: Collection[Network], scored: Collection[Scored], on: date) -> list[Scored]:
    """Returns candidates, those who have been quiet with what was last heard of them to ask about. At most one query.

    That is news, or what they were looking for, whichever came later.
    """
    silent = [each.candidate.key for each in scored if each.reason is Kind.QUIET]
    heard = _last_heard(networks, silent, on) if silent else {}
    return [_remembered(each, heard[each.candidate.key]) if each.reason is Kind.QUIET else each for each in scored]


class _Heard(NamedTuple):
    """The keys and days of the latest news of somebody and of their latest need."""

    note: int | None
    noted_on: date | None
    topic: int | None
    sought_on: date | None


def _last_heard(networks: Collection[Network], contacts: Collection[int], on: date) -> dict[int, _Heard]:
    talks = ConversationParticipation.objects.filter(
        contact=OuterRef("pk"), conversation__deleted_at=None, conversation__is_news=True, conversation__day__lte=on
    )
    talks = talks.exclude(conversation__note="").order_by("-conversation__day", "-conversation")
    sought = Topic.objects.filter(contact=OuterRef("pk"), kind=Topic.Kind.SEEKS, noted_on__lte=on)
    sought = sought.order_by("-noted_on", "-pk")
    people = Contact.objects.filter(network__in=networks, pk__in=contacts)
    rows = people.values_list(
        "pk",
        Subquery(talks.values("conversation")[:1]),
        Subquery(talks.values("conversation__day")[:1]),
        Subquery(sought.values("pk")[:1]),
        Subquery(sought.values("noted_on")[:1]),
    )
    return {key: _Heard(*heard) for key, *heard in rows}


def _remembered(scored: Scored, heard: _Heard) -> Scored:
    silence = scored.signals[0]
    if heard.noted_on and (heard.sought_on is None or heard.noted_on >= heard.sought_on):
        remembered = replace(silence.evidence, conversation=heard.note)
    else:
        remembered = replace(silence.evidence, topic=heard.topic)
    return replace(scored, signals=(silence._replace(evidence=remembered), *scored.signals[1:]))


def _lines(networks: Collection[Network], on: date) -> dict[int, _Line]:
    """Returns what people seek or are interested in, including what is asleep."""
    kinds = [Topic.Kind.SEEKS, Topic.Kind.INTEREST]
    rows = Topic.objects.filter(
        network__in=networks, kind__in=kinds, closed_on=None, noted_on__lte=on, contact__archived_at=None
    )
    values = rows.order_by("pk").values_list("pk", "network", "contact", "kind", "text", "noted_on", "renewed_on")
    return {
        key: _Line(key, network, contact, kind, text, noted, renewed if renewed and renewed <= on else noted)
        for key, network, contact, kind, text, noted, renewed in values
        if contact is not None
    }


def _newest_seeks(topics: Iterable[_Line]) -> dict[int, date]:
    """Returns the day on which the latest need of each contact was noted."""
    newest: dict[int, date] = {}
    for topic in topics:
        if topic.kind == Topic.Kind.SEEKS:
            newest[topic.contact] = max(topic.noted_on, newest.get(topic.contact, topic.noted_on))
    return newest


class _Tip(NamedTuple):
    key: int
    text: str
    kept_on: date


def _tips(networks: Collection[Network], on: date) -> defaultdict[int, list[_Tip]]:
    """Returns the latest kept tips of each network, the newest first."""
    place = Window(RowNumber(), partition_by=F("network"), order_by=("-kept_on", "-pk"))
    kept = TipBoxItem.objects.filter(network__in=networks, used_on=None, kept_on__lte=on).annotate(place=place)
    tips: defaultdict[int, list[_Tip]] = defaultdict(list)
    latest = kept.filter(place__lte=MOST_TIPS).order_by("-kept_on", "-pk")
    for network, *tip in latest.values_list("network", "pk", "text", "kept_on"):
        tips[network].append(_Tip(*tip))
    return tips


def _plain(networks: Collection[Network], topics: Iterable[_Line], on: date) -> Found:
    """Yields what people seek, news of them, and what is ahead: news or reminders of a coming day. Two queries."""
    for topic in topics:
        if topic.kind == Topic.Kind.SEEKS and topic.is_awake(on):
            yield topic.contact, Evidence(Kind.SEEKS, day=topic.day, topic=topic.key)
    rows = ConversationParticipation.objects.filter(
        network__in=networks,
        conversation__deleted_at=None,
        conversation__is_news=True,
        conversation__day__range=(on - NEWS_LASTS, on + MILESTONE_AHEAD),
    )
    for contact, conversation, day in rows.order_by("pk").values_list("contact", "conversation", "conversation__day"):
        kind = Kind.MILESTONE if day > on else Kind.NEWS
        yield contact, Evidence(kind, day=day, conversation=conversation)
    ahead = Reminder.objects.filter(
        network__in=networks,
        kind__in=[Reminder.Kind.ONCE, Reminder.Kind.YEARLY],
        ended_at=None,
        due_on__range=(on, on + MILESTONE_AHEAD),
    )
    for contact, reminder, day in ahead.order_by("pk").values_list("contact", "pk", "due_on"):
        yield contact, Evidence(Kind.MILESTONE, day=day, reminder=reminder)


def _matched(
    network: Network,
    topics: Mapping[int, _Line],
    tips: Sequence[_Tip],
    people: Mapping[int, Candidate],
    on: date,
) -> Found:
    """Yields everything that matching contributes for a network. All its questions are asked at once."""
    awake = [
        topic
        for topic in topics.values()
        if topic.kind == Topic.Kind.SEEKS
        and topic.is_awake(on)
        and topic.contact in people
        and is_eligible(people[topic.contact], on)
    ]
    needs = sorted(awake, key=lambda topic: (topic.day, topic.key), reverse=True)[:MOST_SEEKS]
    questions = [Question(need.text, ANSWER_A_NEED, MATCHES_OF_SEEKS) for need in needs]
    questions += [Question(tip.text, MAY_USE_A_TIP, MATCHES_OF_TIP) for tip in tips]
    found = iter(answers(network, questions))
    for need, matches in zip(needs, islice(found, len(needs)), strict=True):
        yield from _met_need(need, matches, on)
    for tip, matches in zip(tips, found, strict=True):
        yield from _fitting_tip(tip, matches, topics, on)


def _met_need(need: _Line, matches: Iterable[Match], on: date) -> Found:
    """Yields what somebody seeks and others offer, expressly or by their role, or the member offers."""
    for match in matches:
        other = match.contact.pk if match.contact else None
        if other == need.contact or (match.topic is not None and match.topic.noted_on > on):
            continue
        yield (
            need.contact,
            Evidence(
                Kind.MATCH,
                day=need.day,
                is_strong=match.strength is Strength.STRONG,
                topic=need.key,
                other=other,
                other_topic=match.topic.pk if match.topic else None,
                implied=match.kind.value if match.implied else "",
            ),
        )


def _fitting_tip(tip: _Tip, matches: Iterable[Match], topics: Mapping[int, _Line], on: date) -> Found:
    """Yields what a kept tip fits: needs and interests. Only a newer tip wakes what is asleep."""
    for match in matches:
        topic = topics.get(match.topic.pk) if match.topic else None
        if topic is None:
            continue
        is_interest = topic.kind == Topic.Kind.INTEREST
        if is_interest or topic.is_awake(on) or not topic.is_awake(tip.kept_on):
            yield (
                topic.contact,
                Evidence(
                    Kind.INTEREST if is_interest else Kind.MATCH,
                    day=topic.day,
                    is_strong=match.strength is Strength.STRONG,
                    topic=topic.key,
                    tip=tip.key,
                ),
            )
