"""The evidence for suggesting people, read from a network's rows without the direction or the kind of any help.

The number of queries does not depend on the size of the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, Max

from contacts import matching
from contacts.models import Network, Reminder, Topic
from contacts.models.topic import ASLEEP_AFTER
from contacts.text import fold
from favours.models import Suggestion
from favours.suggestions.scoring import Candidate, Scored, Showing, is_eligible
from favours.suggestions.signals import MILESTONE_AHEAD, NEWS_LASTS, Evidence, Kind

MOST_SEEKS = 100
"""How many of the latest needs are matched: a list has five places, and each match takes milliseconds."""
MOST_TIPS = 30
"""How many of the latest tips are matched."""

MATCHES_OF_SEEKS = 8
"""Matches per need."""
MATCHES_OF_TIP = 40
"""Matches per tip."""

State = Suggestion.State


class _Line(NamedTuple):
    """What somebody seeks or is interested in; `day` is when it was noted or last confirmed."""

    key: int
    contact: int
    kind: str
    text: str
    noted_on: date
    day: date

    def is_awake(self, on: date) -> bool:
        return on - self.day <= ASLEEP_AFTER


def candidates(network: Network, on: date) -> list[Candidate]:
    """Returns everybody alive and not archived, with what was known of them on the day `on`."""
    topics = _lines(network, on)
    people = _people(network, on, topics)
    evidence: defaultdict[int, list[Evidence]] = defaultdict(list)
    for contact, each in _plain(network, topics, on):
        evidence[contact].append(each)
    eligible = {key for key, person in people.items() if is_eligible(person, on)}
    matched = [topic for topic in topics.values() if topic.contact in eligible]
    for contact, each in [*_matched_seeks(network, matched, on), *_matched_tips(network, topics, on)]:
        evidence[contact].append(each)
    return [replace(person, evidence=tuple(evidence[key])) for key, person in people.items()]


def memory_of(network: Network, scored: Scored, on: date) -> Scored:
    """Returns a candidate who has been quiet, with what was last heard from them to ask about. Two queries."""
    silence = scored.signals[0]
    contact = scored.candidate.key
    talks = network.conversations.filter(contacts=contact, is_news=True, day__lte=on).exclude(note="")
    heard = network.topics.filter(contact=contact, kind=Topic.Kind.SEEKS, noted_on__lte=on)
    note = talks.order_by("-day", "-pk").values_list("pk", "day").first()
    topic = heard.order_by("-noted_on", "-pk").values_list("pk", "noted_on").first()
    if note and (not topic or note[1] >= topic[1]):
        remembered = replace(silence.evidence, conversation=note[0])
    else:
        remembered = replace(silence.evidence, topic=topic[0] if topic else None)
    return replace(scored, signals=(silence._replace(evidence=remembered), *scored.signals[1:]))


def _people(network: Network, on: date, topics: dict[int, _Line]) -> dict[int, Candidate]:
    """Returns all candidates by key, without their evidence."""
    in_circles = set(network.circle_memberships.values_list("contact", flat=True))
    earlier = _contact_days_until(network, on)
    answers = _answers(network, on)
    newest: dict[int, date] = {}
    for topic in topics.values():
        if topic.kind == Topic.Kind.SEEKS:
            newest[topic.contact] = max(topic.noted_on, newest.get(topic.contact, topic.noted_on))
    people = {}
    rows = network.contacts.filter(archived_at=None, has_died=False).order_by("pk")
    for key, name, organisation, last_contact_on, connected_on, would_call in rows.values_list(
        "pk", "display_name", "organisation", "last_contact_on", "connected_on", "would_call"
    ):
        touch = last_contact_on if last_contact_on is None or last_contact_on <= on else earlier.get(key)
        person = Candidate(
            key=key,
            name=name,
            organisation=fold(organisation),
            last_contact=touch,
            connected_on=connected_on,
            is_familiar=would_call or key in in_circles,
            newest_seeks=newest.get(key),
        )
        people[key] = answers[key].applied_to(person) if key in answers else person
    return people


def _contact_days_until(network: Network, on: date) -> dict[int, date]:
    """Returns the last contact day up to `on` of people who also have a later one. Two queries."""
    helped = network.participations.filter(is_active=True, day__lte=on, contact__last_contact_on__gt=on)
    talked = network.conversation_participations.filter(
        conversation__deleted_at=None, conversation__day__lte=on, contact__last_contact_on__gt=on
    )
    touches: dict[int, date] = dict(helped.values_list("contact").annotate(latest=Max("day")))
    for contact, day in talked.values_list("contact").annotate(latest=Max("conversation__day")):
        touches[contact] = max(day, touches.get(contact, day))
    return touches


class _Answers:
    """The days on which somebody was suggested, and the member's answers."""

    def __init__(self) -> None:
        self.shown: list[Showing] = []
        self.later_until: date | None = None
        self.never = False
        self.rejected: set[tuple[object, ...]] = set()

    def applied_to(self, person: Candidate) -> Candidate:
        return replace(
            person,
            shown=tuple(self.shown),
            later_until=self.later_until,
            never=self.never,
            rejected=frozenset(self.rejected),
        )


def _answers(network: Network, on: date) -> dict[int, _Answers]:
    """Returns the answers by contact, from the rounds of earlier weeks. Two queries."""
    monday = on - timedelta(days=on.weekday())
    answers: defaultdict[int, _Answers] = defaultdict(_Answers)
    before = network.suggestions.filter(round__day__lt=monday)
    for contact, day, state, later_until in before.order_by("round__day").values_list(
        "contact", "round__day", "state", "later_until"
    ):
        answer = answers[contact]
        answer.shown.append(Showing(day, put_off=state == State.LATER))
        answer.never = answer.never or state == State.NEVER
        if later_until is not None:
            answer.later_until = max(later_until, answer.later_until or later_until)
    unfit = network.signals.filter(suggestion__in=before.filter(state=State.UNFIT), position=0)
    for signal in unfit.annotate(contact=F("suggestion__contact")):
        answers[signal.contact].rejected.add(Evidence.of(signal).reason)
    return answers


def _lines(network: Network, on: date) -> dict[int, _Line]:
    """Returns what people seek or are interested in, including what is asleep."""
    rows = network.topics.filter(
        kind__in=[Topic.Kind.SEEKS, Topic.Kind.INTEREST], closed_on=None, noted_on__lte=on, contact__archived_at=None
    )
    values = rows.order_by("pk").values_list("pk", "contact", "kind", "text", "noted_on", "renewed_on")
    return {
        key: _Line(key, contact, kind, text, noted, renewed if renewed and renewed <= on else noted)
        for key, contact, kind, text, noted, renewed in values
        if contact is not None
    }


def _plain(network: Network, topics: dict[int, _Line], on: date) -> Iterator[tuple[int, Evidence]]:
    """Yields what people seek, news of them, and what is ahead: news or reminders of a coming day. Two queries."""
    for topic in topics.values():
        if topic.kind == Topic.Kind.SEEKS and topic.is_awake(on):
            yield topic.contact, Evidence(Kind.SEEKS, day=topic.day, topic=topic.key)
    rows = network.conversation_participations.filter(
        conversation__deleted_at=None,
        conversation__is_news=True,
        conversation__day__range=(on - NEWS_LASTS, on + MILESTONE_AHEAD),
    )
    for contact, conversation, day in rows.order_by("pk").values_list("contact", "conversation", "conversation__day"):
        kind = Kind.MILESTONE if day > on else Kind.NEWS
        yield contact, Evidence(kind, day=day, conversation=conversation)
    ahead = network.reminders.filter(
        kind__in=[Reminder.Kind.ONCE, Reminder.Kind.YEARLY], ended_at=None, due_on__range=(on, on + MILESTONE_AHEAD)
    )
    for contact, reminder, day in ahead.order_by("pk").values_list("contact", "pk", "due_on"):
        yield contact, Evidence(Kind.MILESTONE, day=day, reminder=reminder)


def _matched_seeks(network: Network, topics: Iterable[_Line], on: date) -> Iterator[tuple[int, Evidence]]:
    """Yields what people seek and others offer, expressly or by their role, or the member offers."""
    awake = [topic for topic in topics if topic.kind == Topic.Kind.SEEKS and topic.is_awake(on)]
    latest = sorted(awake, key=lambda topic: (topic.day, topic.key), reverse=True)[:MOST_SEEKS]
    kinds = (matching.Kind.OFFERS, matching.Kind.ROLE, matching.Kind.ORGANISATION)
    found = matching.match_all(network, [topic.text for topic in latest], kinds=kinds, limit=MATCHES_OF_SEEKS)
    for topic, matches in zip(latest, found, strict=True):
        for match in _known(matches, on):
            other = match.contact.pk if match.contact else None
            if other != topic.contact:
                yield (
                    topic.contact,
                    Evidence(
                        Kind.MATCH,
                        day=topic.day,
                        is_strong=match.strength is matching.Strength.STRONG,
                        topic=topic.key,
                        other=other,
                        other_topic=match.topic.pk if match.topic else None,
                        implied=match.kind.value if match.implied else "",
                    ),
                )


def _matched_tips(network: Network, topics: dict[int, _Line], on: date) -> Iterator[tuple[int, Evidence]]:
    """Yields kept tips that fit what people seek or are interested in. Only a newer tip wakes what is asleep."""
    tips = list(network.tip_box_items.filter(used_on=None, kept_on__lte=on)[:MOST_TIPS])
    kinds = (matching.Kind.SEEKS, matching.Kind.INTEREST)
    found = matching.match_all(network, [tip.text for tip in tips], kinds=kinds, limit=MATCHES_OF_TIP)
    for tip, matches in zip(tips, found, strict=True):
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
                        is_strong=match.strength is matching.Strength.STRONG,
                        topic=topic.key,
                        tip=tip.pk,
                    ),
                )


def _known(matches: Sequence[matching.Match], on: date) -> Iterator[matching.Match]:
    return (match for match in matches if match.topic is None or match.topic.noted_on <= on)
