"""Drawing up the rounds of a week, unsaved: choosing the people, each with their reasons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from contacts.models import Network
from favours.models import LetterSettings, Round, Signal, Suggestion
from favours.suggestions.evidence import Gathered, gather
from favours.suggestions.memories import with_memories
from favours.suggestions.scoring import MOST, Scored, ask_whom, named_in, suggest

KEPT_SIGNALS = 2
"""Signals stored per suggestion, because a score is based on two."""


def draw_up(networks: Collection[Network], day: date) -> list[Round]:
    """Returns the rounds that the networks would get on `day`, in their order.

    Takes the same few queries for one network as for many, and some more per network to match its texts.
    """
    year, week, _weekday = day.isocalendar()
    lengths = dict(LetterSettings.objects.filter(network__in=networks).values_list("network", "length"))
    gathered = gather(networks, day)
    chosen = {network: _chosen(found, day, lengths.get(network.pk, MOST)) for network, found in gathered.items()}
    told = iter(with_memories(networks, [each for scored in chosen.values() for each in scored], day))
    drawn = []
    for network, scored in chosen.items():
        made = Round(network=network, year=year, week=week, day=day)
        named = named_in(scored)
        made.question_id = next((need.key for need in gathered[network].questions if need.contact not in named), None)
        made.listed = [_suggestion(made, position, next(told)) for position in range(len(scored))]
        drawn.append(made)
    return drawn


def _chosen(found: Gathered, day: date, most: int) -> list[Scored]:
    """Returns the people to suggest and, last, one to ask about something that the member is looking for, if any."""
    suggested = suggest(found.candidates, day, most=most)
    asked = ask_whom(found.candidates, day, named=named_in(suggested))
    return [*suggested, asked] if asked else suggested


def attach_rows(network: Network, drawn: Round) -> None:
    """Set the rows that an unsaved round refers to. At most six queries."""
    signals = [signal for suggestion in drawn.listed for signal in suggestion.signals]
    _attach(drawn.listed, {"contact": network.contacts.all()})
    _attach(
        signals,
        {
            "topic": network.topics.all(),
            "other": network.contacts.all(),
            "other_topic": network.topics.all(),
            "tip": network.tip_box_items.all(),
            "conversation": network.conversations.all(),
            "reminder": network.reminders.all(),
        },
    )


def _attach(rows: Collection[Suggestion] | Collection[Signal], sources: dict[str, QuerySet[Any]]) -> None:
    for name, source in sources.items():
        found = source.in_bulk({key for row in rows if (key := getattr(row, f"{name}_id")) is not None})
        for row in rows:
            setattr(row, name, found.get(getattr(row, f"{name}_id")))


def _suggestion(made: Round, position: int, scored: Scored) -> Suggestion:
    """Returns a suggestion with its signals, unsaved."""
    network = made.network
    contact = scored.candidate.key
    suggestion = Suggestion(network=network, round=made, contact_id=contact, position=position, score=scored.score)
    suggestion.signals = [
        Signal(network=network, suggestion=suggestion, position=rank, points=points, **evidence.fields)
        for rank, (evidence, points) in enumerate(scored.signals[:KEPT_SIGNALS])
    ]
    return suggestion
