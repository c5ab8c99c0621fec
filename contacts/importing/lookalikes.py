"""Finding the new people of a file who resemble an existing contact, for the preview, before anything is written.

Compares only what an index can look up: the same name or the same phone number. The search for duplicates after the
import compares more (contacts/duplicates/).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from contacts.importing.plan import Decision
from contacts.models import ImportRow, Network, WayToReach
from contacts.people.names import sortable_name
from contacts.people.person import Person


def lookalikes(network: Network, decisions: Collection[Decision]) -> dict[int, uuid.UUID]:
    """Returns, by row, the UUID of an existing contact that somebody new resembles. Takes two queries."""
    new = {
        decision.card.row: decision.person
        for decision in decisions
        if decision.outcome == ImportRow.Outcome.CREATED and decision.person is not None
    }
    names = {row: _sort_name(person) for row, person in new.items()}
    numbers = {row: {value for kind, value in person.ways if kind == "phone"} for row, person in new.items()}
    contacts = network.contacts.filter(sort_name__among=set(names.values()))
    by_name = dict(contacts.order_by("-pk").values_list("sort_name", "uuid"))
    ways = network.ways_to_reach.filter(kind=WayToReach.Kind.PHONE, contact__deleted_at=None)
    ways = ways.filter(normalised__among=set().union(*numbers.values()))
    by_number = dict(ways.order_by("-pk").values_list("normalised", "contact__uuid"))
    found: dict[int, uuid.UUID] = {}
    for row in new:
        known = by_name.get(names[row]) or next((by_number[each] for each in numbers[row] if each in by_number), None)
        if known is not None:
            found[row] = known
    return found


def _sort_name(person: Person) -> str:
    given, family, shown = (str(person.fields.get(name, "")) for name in ("given_name", "family_name", "display_name"))
    return sortable_name(given_name=given, family_name=family, display_name=shown)[:400]
