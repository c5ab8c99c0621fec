"""People who are already in the network, in the form that imports compare, read in a handful of queries."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.person import FIELDS, Person, Portrait, related_key
from contacts.people.relations import related_of


def load_people(network: Network, contact_ids: Collection[int]) -> dict[int, Person]:
    """Returns the people with these primary keys, by key, including those in the trash."""
    if not contact_ids:
        return {}  # Building queries that match nothing took a twentieth of an import.
    contacts = network.contacts(manager="with_trash").filter(pk__among=contact_ids)
    people = {contact.pk: person_of(contact) for contact in contacts}
    for way in network.ways_to_reach.filter(contact__among=contact_ids):
        person = people[way.contact_id]
        person.ways[way.kind, way.normalised] = Way(way.kind, way.value, way.label, tuple(way.parts))  # type: ignore[arg-type]
    memberships = network.circle_memberships.filter(contact__among=contact_ids)
    for contact_id, name in memberships.values_list("contact", "circle__name"):
        people[contact_id].circles[name.casefold()] = name
    topics = network.topics.filter(contact__among=contact_ids)
    for contact_id, kind, text in topics.values_list("contact", "kind", "text"):
        people[contact_id].topics[kind, text.casefold()] = text
    for relation in network.relations.filter(contact__among=contact_ids).select_related("other"):
        related = related_of(relation)
        people[relation.contact_id].related[related_key(related)] = related
    for contact_id in network.photos.filter(contact__among=contact_ids).values_list("contact", flat=True):
        people[contact_id].portrait = Portrait()
    return people


def person_of(contact: Contact) -> Person:
    """Returns a contact's own fields, without ways, circles and the like."""
    fields = {name: value for name in FIELDS if (value := getattr(contact, name))}
    return Person(fields=fields, extra=list(contact.extra_properties), contact_id=contact.pk)


def set_would_call(network: Network, shown: Collection[int], known: Collection[uuid.UUID]) -> None:
    """Sets `would_call` on those of the contacts `shown` whose identifiers are `known`, and clears it on the others."""
    contacts = network.contacts.filter(pk__in=shown)
    contacts.filter(uuid__in=known).update(would_call=True)
    contacts.exclude(uuid__in=known).update(would_call=False)
