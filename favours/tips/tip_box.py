"""Tips: finding the people they are for, passing them on, and keeping them for later."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from contacts.erasing.forgetting import take_out
from contacts.erasing.traces import Traces
from contacts.matching import Kind, Match, Question, Strength, answers, match
from contacts.models import Contact, Network
from contacts.people.picking import Picked
from favours.journal.quick_log import log_help
from favours.journal.writing import Entry, favours_among, trash_favour
from favours.models import Favour, TipBoxItem

COULD_USE = (Kind.SEEKS, Kind.INTEREST)
KNOWS_ABOUT = (Kind.OFFERS, Kind.ROLE, Kind.ORGANISATION, Kind.NOTES)

MATCHES = 40
PEOPLE = 10
LINES_OF_A_PERSON = 2
PERHAPS = 5
"""Maximum people shown for whom the tip is less likely right than wrong."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom a tip may be for, with the few texts that match it, the best first."""

    contact: Contact
    matches: list[Match]

    @property
    def detail(self) -> str:
        """The person's role and organisation, or "" if a match quotes one of them."""
        quoted = {Kind.ROLE, Kind.ORGANISATION} & {match.kind for match in self.matches}
        return "" if quoted else self.contact.detail


@dataclass(frozen=True, slots=True)
class Found:
    """The people a tip is for, who could use it or know about it, and the member's own similar offers and asks.

    `perhaps` are others for whom it is less likely right than wrong; the member decides.
    """

    could_use: Sequence[Person]
    knows_about: Sequence[Person]
    own_offers: Sequence[Match]
    own_asks: Sequence[Match]
    perhaps: Sequence[Person] = ()

    @property
    def people(self) -> set[Contact]:
        return {person.contact for person in (*self.could_use, *self.knows_about, *self.perhaps)}


def find_people(network: Network, text: str) -> Found:
    """Return the people a text is for, none if it is blank. The result never depends on who gave or received help."""
    if not text.strip():
        return Found([], [], [], [])
    questions = [Question(text, kinds, MATCHES, perhaps=True) for kinds in (COULD_USE, KNOWS_ABOUT)]
    matches = answers(network, questions)
    could_use, known = ([each for each in found if each.strength is not Strength.PERHAPS] for found in matches)
    own_offers, own_asks = ([each for each in found if each.contact is None] for found in (known, could_use))
    found = Found(_by_person(could_use), _by_person(known), own_offers[:PEOPLE], own_asks[:PEOPLE])
    less_likely = [each for every in matches for each in every if _is_perhaps(each)]
    less_likely.sort(key=lambda each: -each.score)
    others = [person for person in _by_person(less_likely) if person.contact not in found.people]
    return replace(found, perhaps=others[:PERHAPS])


def who_knows(network: Network, text: str) -> Sequence[Person]:
    """Return the people who know about something, the likeliest first."""
    return _by_person(match(network, text, kinds=KNOWS_ABOUT, limit=MATCHES))


def _is_perhaps(match: Match) -> bool:
    return match.strength is Strength.PERHAPS and match.is_worth_a_look


def _by_person(matches: Iterable[Match]) -> list[Person]:
    people: dict[Contact, Person] = {}
    for each in matches:
        if each.contact is not None:
            person = people.setdefault(each.contact, Person(each.contact, []))
            if len(person.matches) < LINES_OF_A_PERSON:
                person.matches.append(each)
    return list(people.values())[:PEOPLE]


@transaction.atomic
def pass_on(
    network: Network, *, text: str, people: Picked, item: TipBoxItem | None = None, client_key: uuid.UUID | None = None
) -> Favour:
    """Log one tip given to all these people; an `item` leaves the tip box. Raises ValidationError."""
    today = network.today()
    entry = Entry(direction=Favour.Direction.GIVE, kind=Favour.Kind.TIP, day=today, note=text, client_key=client_key)
    favour = log_help(network, entry, people)
    if item is not None:
        item.used_on, item.favour = today, favour
        item.save(update_fields=["used_on", "favour"])
    return favour


@transaction.atomic
def take_back(network: Network, favour: Favour) -> TipBoxItem | None:
    """Undo passing a tip on: put the entry into the trash, and the item it came from, if any, back into the tip box."""
    trash_favour(network, favour)
    item = network.tip_box_items.filter(favour=favour).first()
    if item is not None:
        item.used_on = item.favour = None
        item.save(update_fields=["used_on", "favour"])
    return item


@transaction.atomic
def keep_tip(network: Network, text: str) -> TipBoxItem:
    """Keep a tip in the box, where it raises suggestions; keeping it twice has no effect. Raises ValidationError."""
    text = text.strip()
    network.lock()
    kept = kept_tips(network, text=text)
    if kept:
        return kept[0]
    item = TipBoxItem(network=network, text=text, kept_on=network.today())
    item.full_clean()
    item.save()
    return item


def kept_tips(network: Network, **fields: str) -> list[TipBoxItem]:
    """Return the tips in the box, newest first."""
    return list(network.tip_box_items.filter(used_on=None, **fields))


def erase_used_tips_among(network: Network, contact_ids: Collection[int]) -> None:
    """Permanently erase the tips that were passed on only to these contacts."""
    network.tip_box_items.filter(favour__in=favours_among(network, contact_ids)).delete()


def forget_in_used_tips(network: Network, traces: Traces) -> None:
    """Remove the names of erased people from tips that were passed on: no page shows these tips any more.

    The member's text is also in the journal entry, where it can be edited.
    """
    take_out(network.tip_box_items.exclude(used_on=None), ("text",), traces)


def remove_tip(network: Network, item: TipBoxItem) -> None:
    """Permanently remove a tip from the box."""
    network.tip_box_items.filter(pk=item.pk).delete()
