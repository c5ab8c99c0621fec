"""Related people: a contact's partner, child or assistant, as another contact or just a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.cards import Related, uid_key
from contacts.models import Contact, Network, Relation
from contacts.people.relationships import in_words, other_side
from contacts.text import one_line

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RelatedPerson:
    """Somebody related to a contact, as shown on its page; `label` says what that person is to the contact.

    `contact` is None if only the name is known.
    """

    relation: Relation
    label: str
    name: str
    contact: Contact | None = None


@transaction.atomic
def add_relation(
    network: Network, contact: Contact, *, label: str, other: Contact | None = None, name: str = ""
) -> Relation:
    """Record that another contact, or somebody known by name only, is related to a contact.

    If the relation is already recorded, nothing changes. Raises ValidationError.
    """
    name = "" if other else one_line(name)
    if other is None and not name:
        raise ValidationError({"name": _("Who is it? Pick somebody or type a name.")})
    relation = Relation(network=network, contact=contact, other=other, name=name, label=one_line(label))
    network.lock_contacts([contact.pk])
    known = network.relations.filter(contact=contact, other=other, name=name, card_uid="", label=relation.label).first()
    if known is not None:
        return known
    relation.full_clean()
    relation.save()
    return relation


def remove_relation(network: Network, relation: Relation) -> None:
    """Delete a relation."""
    network.relations.filter(pk=relation.pk).delete()


def related_people(network: Network, contact: Contact) -> list[RelatedPerson]:
    """Return the people related to a contact, recorded on either side, each once and without those in the trash.

    Takes one query.
    """
    of_contact = Q(contact=contact) | Q(other=contact, contact__deleted_at=None)
    relations = network.relations.filter(of_contact).select_related("contact", "other")
    people = [person for relation in relations if (person := _seen_from(contact, relation))]
    distinct = {(person.label, person.contact or person.name): person for person in people}
    return sorted(distinct.values(), key=lambda person: person.label)


def add_from_cards(network: Network, related: Mapping[int, Iterable[Related]]) -> list[Relation]:
    """Record the related people of new or merged contacts (by primary key), as listed in their cards."""
    relations = [
        Relation(
            network=network, contact_id=contact_id, label=each.label, name=each.name, card_uid=each.uid[: _uid_length()]
        )
        for contact_id, people in related.items()
        for each in people
    ]
    return network.relations.bulk_create(relations, batch_size=AT_ONCE, ignore_conflicts=True)


@transaction.atomic
def resolve(network: Network, source_format: str) -> None:
    """Replace the card identifiers of related people with the contacts that were imported from those cards."""
    waiting = list(network.relations.exclude(card_uid="").select_related("contact"))
    keys = {uid_key(relation.card_uid) for relation in waiting}
    sources = network.import_sources.filter(format=source_format, key__among=keys, contact__isnull=False)
    contacts = dict(sources.values_list("key", "contact"))
    _tie(network, [(relation, contacts.get(uid_key(relation.card_uid))) for relation in waiting])


def _tie(network: Network, found: Sequence[tuple[Relation, int | None]]) -> None:
    """Set the other contact of relations; delete those already recorded, and those of a contact with itself."""
    pairs = [(relation, other_id) for relation, other_id in found if other_id is not None]
    known = set(
        network.relations.filter(other__among=[other_id for _relation, other_id in pairs]).values_list(
            "contact", "label", "other"
        )
    )
    tied, surplus = [], []
    for relation, other_id in pairs:
        key = (relation.contact_id, relation.label, other_id)
        if key in known or relation.contact_id == other_id:
            surplus.append(relation.pk)
            continue
        known.add(key)
        relation.other_id, relation.name, relation.card_uid = other_id, "", ""
        tied.append(relation)
    network.relations.filter(pk__among=surplus).delete()
    Relation.objects.bulk_update(tied, ["other", "name", "card_uid"], batch_size=200)


def related_of(relation: Relation) -> Related:
    """Return a relation in the form in which a card lists it. Both contacts should already be loaded."""
    if relation.other is None:
        return Related(relation.label, relation.name, relation.card_uid)
    return Related(relation.label, relation.other.display_name, f"urn:uuid:{relation.other.uuid}")


def _seen_from(contact: Contact, relation: Relation) -> RelatedPerson | None:
    if relation.contact_id != contact.pk:
        label = other_side(relation.label)
        return RelatedPerson(relation, in_words(label), relation.contact.display_name, relation.contact)
    label = in_words(relation.label)
    if relation.other is not None and relation.other.deleted_at is None:
        return RelatedPerson(relation, label, relation.other.display_name, relation.other)
    return RelatedPerson(relation, label, relation.name) if relation.name else None


def _uid_length() -> int:
    return Relation._meta.get_field("card_uid").max_length or 0
