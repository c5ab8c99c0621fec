"""The evidence for suggesting people, read from the rows of some networks, regardless of any help's direction or kind.

Reading several networks at once takes the same few queries as reading one; matching takes some for each network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contacts.matching import forget_texts
from contacts.models import ConversationParticipation, Network, Reminder
from favours.suggestions.lines import Line, lines_of, newest_seeks, tips_of
from favours.suggestions.matched import Found, match_lines
from favours.suggestions.people import people_of
from favours.suggestions.questions import due_questions
from favours.suggestions.scoring import Candidate
from favours.suggestions.signals import MILESTONE_AHEAD, NEWS_LASTS, Evidence, Kind


@dataclass(frozen=True, slots=True)
class Gathered:
    """The data from which a round of a network is drawn up.

    `candidates` are all living contacts that are not archived. `questions` are the needs that the letter could ask
    about because nobody has an answer to them, from the one whose turn it is.
    """

    candidates: Sequence[Candidate]
    questions: Sequence[Line]


def gather(networks: Collection[Network], on: date) -> dict[Network, Gathered]:
    """Returns the data known in each network on the day `on`."""
    lines, tips = lines_of(networks, on), tips_of(networks, on)
    everything = [line for some in lines.values() for line in some]
    people = people_of(networks, on, newest_seeks(everything))
    evidence: defaultdict[int, list[Evidence]] = defaultdict(list)
    for contact, each in _plain(networks, everything, on):
        evidence[contact].append(each)
    asks: defaultdict[int, list[Evidence]] = defaultdict(list)
    gathered = {}
    for network in networks:
        there = people[network.pk]
        questions = due_questions(lines[network.pk], there, on)
        matched = match_lines(network, lines[network.pk], tips[network.pk], there, on, questions)
        if len(networks) > 1:
            forget_texts(network)
        for contact, each in matched.evidence:
            evidence[contact].append(each)
        for contact, each in matched.asks:
            asks[contact].append(each)
        gathered[network] = Gathered(
            [
                replace(person, evidence=tuple(evidence[key]), asks=tuple(asks.get(key, ())))
                for key, person in there.items()
            ],
            [line for line in questions if line.key not in matched.answered],
        )
    return gathered


def _plain(networks: Collection[Network], lines: Iterable[Line], on: date) -> Found:
    """Yields evidence that needs no matching: needs, news, and coming days from news or reminders. Two queries."""
    for line in lines:
        if line.is_need and line.contact is not None and line.is_awake(on):
            yield line.contact, Evidence(Kind.SEEKS, day=line.day, topic=line.key)
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
