"""Needs and asks that help may have met, to ask "Is that settled?" about. Only the member settles them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from contacts.matching import fitting
from contacts.models import Contact, Network, Topic
from favours.models import Favour
from favours.tips.asks import open_asks

LONGEST_NOTE = 500
"""Maximum characters of a note that are read: people say at the beginning what helped."""
MOST_NEEDS = 20
MOST_ANSWERS = 10
LONGEST_ANSWER = 100
"""Limits for comparing needs with answers (the last in characters); only an entry with very many people has more."""


def needs_that_fit(network: Network, favour: Favour, people: Sequence[Contact]) -> list[Topic]:
    """Return the open needs of `people`, all of whom took part in the given `favour`, that it may have met.

    A favour fits a need that it was suggested for, that its note mentions, or that somebody introduced in it answers by
    what they do or offer. If nothing is known that could fit, it fits a person's only need, unless that need is asleep.
    Runs at most three queries, and one to three more to match by meaning.
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

    # Pairs of a person and one of their texts; the note belongs to nobody.
    told = [*([(None, note)] if note else []), *((contact, text[:LONGEST_ANSWER]) for contact, text in answers)]
    fit = fitting(network, [text for _contact, text in told], [need.text for need in needs]) if told else set()

    def fits_need(place: int, need: Topic) -> bool:
        others = [position for position, (contact, _text) in enumerate(told) if contact != need.contact_id]
        if others:
            return any((position, place) in fit for position in others)
        return how_many[need.contact_id] == 1 and not need.is_asleep(today)

    return [need for place, need in enumerate(needs) if need.pk == suggested_for or fits_need(place, need)]


def asks_that_fit(network: Network, favour: Favour) -> list[Topic]:
    """Return the member's open asks that help may have met: the one it was suggested for, and those in its note.

    An entry never closes an ask by itself; the member decides. Runs at most two queries, and one to three more to
    match by meaning.
    """
    asks = list(open_asks(network)[:MOST_NEEDS])
    suggested_for = _suggested_for(network, favour) if asks else None
    note = favour.note[:LONGEST_NOTE]
    fit = fitting(network, [note], [ask.text for ask in asks]) if asks and note else set()
    return [ask for place, ask in enumerate(asks) if ask.pk == suggested_for or (0, place) in fit]


def _suggested_for(network: Network, favour: Favour) -> int | None:
    """Return the key of the topic of the suggestion the entry was logged from, whose UUID is the entry's client key."""
    if favour.client_key is None:
        return None
    named = network.signals.filter(suggestion__uuid=favour.client_key, position=0)
    return named.values_list("topic", flat=True).first()


def _answers(network: Network, people: Sequence[Contact]) -> list[tuple[int, str]]:
    """Return the texts about what people do and offer, each with the key of its contact."""
    offers = network.topics.filter(kind=Topic.Kind.OFFERS, closed_on=None, contact__in=people)
    implied = [(person.pk, text) for person in people for text in (person.role, person.organisation) if text]
    return [*((contact, text) for contact, text in offers.values_list("contact", "text") if contact), *implied]
