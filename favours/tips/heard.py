"""Matches for a need or an offer that was just heard: the people who may answer it, or who may need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contacts.matching import Kind, Match, Strength, match
from contacts.models import Contact, Conversation, Network, Topic

ANSWERS = (Kind.OFFERS, Kind.ROLE, Kind.ORGANISATION, Kind.NOTES, Kind.INTEREST)

PEOPLE = 3
"""Maximum people named; the tip page shows all."""

MATCHES = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches for `heard`, a topic just heard from a contact: the best first, at most one per person.

    `perhaps` means that none of them is likely. `own` is the member's own offer or ask that matches, if any.
    """

    heard: Topic
    matches: Sequence[Match]
    own: Match | None
    perhaps: bool

    @property
    def is_need(self) -> bool:
        """Whether a need was heard, rather than an offer."""
        return self.heard.kind == Topic.Kind.SEEKS


def answer_to(network: Network, talk: Conversation) -> Answer | None:
    """Return the answer to the need or offer heard in a conversation; None if there is neither."""
    kinds = [Topic.Kind.SEEKS, Topic.Kind.OFFERS]
    heard = network.topics.filter(conversation=talk, kind__in=kinds, closed_on=None).select_related("contact").first()
    if heard is None:
        return None
    looked_for = ANSWERS if heard.kind == Topic.Kind.SEEKS else (Kind.SEEKS,)
    matches = match(network, heard.text, kinds=looked_for, limit=MATCHES, perhaps=True)
    found = [each for each in matches if each.is_worth_a_look]
    likely = [each for each in found if each.strength is not Strength.PERHAPS]
    others = _by_person(likely, heard.contact)
    return Answer(
        heard=heard,
        matches=others or _by_person(found, heard.contact),
        own=next((each for each in likely if each.contact is None), None),
        perhaps=not others,
    )


def _by_person(matches: Sequence[Match], besides: Contact | None) -> list[Match]:
    """Return the best match of each person except `besides`, for at most PEOPLE people."""
    best: dict[Contact, Match] = {}
    for each in matches:
        if each.contact is not None and each.contact != besides:
            best.setdefault(each.contact, each)
    return list(best.values())[:PEOPLE]
