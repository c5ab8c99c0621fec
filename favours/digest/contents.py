"""The contents of letters, read for several networks at once: the same few queries for one and for many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contacts.calendar.birthdays import birthdays_of
from contacts.models import Contact, Network, Topic
from favours.digest.links import people_of
from favours.models import Suggestion


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
    questions = _questions(suggested, people)
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


def _questions(suggested: Mapping[Network, Sequence[Suggestion]], people: Collection[Contact]) -> dict[int, Topic]:
    """Returns for each network id the need that its round asks about, if it is still open and nobody is named twice."""
    rounds = [suggestions[0].round for suggestions in suggested.values() if suggestions]
    asked = Topic.objects.filter(
        network__in=suggested.keys(),
        pk__in=[made.question_id for made in rounds if made.question_id is not None],
        closed_on=None,
        contact__deleted_at=None,
        contact__archived_at=None,
        contact__has_died=False,
    )
    return {topic.network_id: topic for topic in asked.exclude(contact__in=people).select_related("contact")}
