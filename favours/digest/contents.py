"""The contents of letters, read for several networks at once: the same few queries for one and for many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Value, Window
from django.db.models.functions import Coalesce, Mod, RowNumber

from contacts.calendar.birthdays import birthdays_of
from contacts.models import Contact, Network, Topic
from contacts.models.topic import ASLEEP_AFTER
from favours.digest.links import people_of
from favours.models import Suggestion

QUESTION_AFTER = timedelta(days=30)
"""Time since a need was last confirmed after which a letter first asks about it."""

QUESTION_AGAIN = timedelta(weeks=4)
"""Interval at which letters ask again. It is counted from the need's day, so nothing has to be stored."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of the letter of `day`, a date in the member's calendar. There is at least one suggestion.

    `question` is a need to ask about, and `birthdays` are those of the coming days, the nearest first.
    """

    network: Network
    day: date
    suggestions: Sequence[Suggestion]
    question: Topic | None
    birthdays: Sequence[tuple[date, Contact]]


def contents_of(suggested: Mapping[Network, Sequence[Suggestion]], day: date) -> dict[Network, Contents]:
    """Returns the contents of the letters of several networks with the given suggestions. Two queries."""
    people = [person for suggestions in suggested.values() for each in suggestions for person in people_of(each)]
    questions = _questions(suggested.keys(), people, day)
    birthdays = birthdays_of(suggested.keys(), today=day)
    return {
        network: Contents(network, day, suggestions, questions.get(network.pk), birthdays[network])
        for network, suggestions in suggested.items()
    }


def named_in(contents: Contents) -> list[Contact]:
    """Returns everybody named in a letter with these contents, each once."""
    people = [person for each in contents.suggestions for person in people_of(each)]
    asked_about = people_of(contents.question) if contents.question else []
    born = [person for _day, person in contents.birthdays]
    return list(dict.fromkeys([*people, *asked_about, *born]))


def _questions(networks: Collection[Network], people: Collection[Contact], day: date) -> dict[int, Topic]:
    """Returns for each network id a need that is due in the seven days up to `day`, of somebody not otherwise named.

    Needs that are due together take turns.
    """
    come_up = Topic.objects.annotate(confirmed_on=Coalesce("renewed_on", "noted_on")).filter(
        network__in=networks,
        kind=Topic.Kind.SEEKS,
        closed_on=None,
        contact__deleted_at=None,
        contact__archived_at=None,
        contact__has_died=False,
        confirmed_on__in=_days_of_needs(day),
    )
    turn = day.toordinal() // QUESTION_AGAIN.days
    numbered = come_up.exclude(contact__in=people).annotate(
        place=Window(RowNumber(), partition_by=F("network"), order_by=("confirmed_on", "pk")),
        how_many=Window(Count("pk"), partition_by=F("network")),
    )
    chosen = numbered.filter(place=Mod(Value(turn), F("how_many")) + 1)
    return {topic.network_id: topic for topic in chosen.select_related("contact")}


def _days_of_needs(day: date) -> list[date]:
    """Returns the days whose needs are due: a week of days a month ago, and every four weeks before for half a year."""
    turns = (2 * ASLEEP_AFTER - QUESTION_AFTER) // QUESTION_AGAIN + 1
    latest = [day - QUESTION_AFTER - turn * QUESTION_AGAIN for turn in range(turns)]
    days = [last - timedelta(days=earlier) for last in latest for earlier in range(7)]
    return [each for each in days if each >= day - 2 * ASLEEP_AFTER]
