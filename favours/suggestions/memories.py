"""The last things heard from people who have been quiet, to ask about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from contacts.models import Contact, ConversationParticipation, Network, Topic
from favours.suggestions.scoring import Scored
from favours.suggestions.signals import Kind


def with_memories(networks: Collection[Network], scored: Collection[Scored], on: date) -> list[Scored]:
    """Returns the candidates, adding to those who have been quiet the last thing heard from them. At most one query.

    This is news, or something they were looking for, whichever came later.
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
