"""Needs that help may have met: what to ask "Is that settled?" about. Only the member settles one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from contacts.matching import fits
from contacts.models import Contact, Network, Topic
from favours.models import Favour

LONGEST_NOTE = 500
"""Characters of a note that are read: what helped is said at its beginning."""
MOST_NEEDS = 20
MOST_ANSWERS = 10
LONGEST_ANSWER = 100
"""Needs, and answers to them, that are compared with each other; only an entry with very many people has more."""


def needs_that_fit(network: Network, favour: Favour, people: Sequence[Contact]) -> list[Topic]:
    """Which open needs of `people`, all that took part in a given `favour`, it may have met. At most three queries.

    It fits a need that it was suggested for, that its note speaks of, or that somebody introduced answers by what they
    do or offer. If nothing is known that could fit, it fits the need of somebody who has no other, unless that sleeps.
    """
    open_seeks = network.topics.filter(kind=Topic.Kind.SEEKS, closed_on=None, contact__in=people)
    needs = list(open_seeks.select_related("contact")[:MOST_NEEDS])
    if not needs:
        return []
    answers = _answers(network, people)[:MOST_ANSWERS] if favour.kind == Favour.Kind.INTRODUCTION else []
    note = favour.note[:LONGEST_NOTE]
    suggested_for = _suggested_for(network, favour)
    how_many = Counter(need.contact_id for need in needs)
    today = network.today()

    def fits_need(need: Topic) -> bool:
        others = [text[:LONGEST_ANSWER] for contact, text in answers if contact != need.contact_id]
        if note or others:
            return any(fits(text, need.text) for text in (note, *others))
        return how_many[need.contact_id] == 1 and not need.is_asleep(today)

    return [need for need in needs if need.pk == suggested_for or fits_need(need)]


def _suggested_for(network: Network, favour: Favour) -> int | None:
    """The key of the topic that a suggestion named, if the entry was logged from one, whose key it has."""
    if favour.client_key is None:
        return None
    named = network.signals.filter(suggestion__uuid=favour.client_key, position=0)
    return named.values_list("topic", flat=True).first()


def _answers(network: Network, people: Sequence[Contact]) -> list[tuple[int, str]]:
    """What people do and offer, each text with the key of its contact."""
    offers = network.topics.filter(kind=Topic.Kind.OFFERS, closed_on=None, contact__in=people)
    implied = [(person.pk, text) for person in people for text in (person.role, person.organisation) if text]
    return [*((contact, text) for contact, text in offers.values_list("contact", "text") if contact), *implied]
