"""The directory: adding, editing, archiving, trashing and restoring contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.utils import timezone

from contacts.cards import Way
from contacts.database.batches import batches
from contacts.database.bulk import insert, insert_values, insert_with_keys
from contacts.models import CircleMembership, Contact, Network, Topic, WayToReach
from contacts.people.circles import circles_by_name, set_circles
from contacts.people.names import compose_name, sortable_name
from contacts.people.person import Person
from contacts.people.photos import add_photos
from contacts.people.relations import add_from_cards
from contacts.people.search import BATCH, index_contacts, index_new_contacts
from contacts.people.ways import WAY_VALUES, region_of, replace_ways, surely_fits, way_values
from contacts.text import cleaned_fields, one_line


@transaction.atomic
def add_contact(network: Network, *, ways: Sequence[Way] = (), circles: Sequence[str] = (), **fields: Any) -> Contact:
    """Add one contact, with its ways to reach and the names of its circles. Raises ValidationError."""
    contact = _contact(network, fields)
    contact.full_clean()
    contact.save()
    replace_ways(network, contact, ways)
    set_circles(network, contact, circles_by_name(network, circles).values())
    index_contacts(network, [contact])
    return contact


@transaction.atomic
def add_contacts(network: Network, people: Iterable[Person]) -> list[Contact]:
    """Add people with everything known about them, and return the contacts.

    Takes a handful of queries per 500 people. Checks that would take a query per contact are made in Python; no row can
    refer to another network, because every row is created here. Raises ValidationError for the first person who does
    not make a valid contact, in which case nobody is added.
    """
    added: list[Contact] = []
    for batch in batches(people, BATCH):
        added += _add_batch(network, batch)
    return added


@transaction.atomic
def edit_contact(
    network: Network,
    contact: Contact,
    *,
    ways: Sequence[Way] | None = None,
    circles: Sequence[str] | None = None,
    **fields: Any,
) -> Contact:
    """Change the given fields; ways and circles are replaced as a whole if given. Raises ValidationError.

    If the display name was composed from the parts of the name, it is composed again, unless a new one is given.
    """
    follows = contact.display_name == _composed(contact)
    for name, value in _cleaned(fields).items():
        setattr(contact, name, value)
    if follows and "display_name" not in fields:
        contact.display_name = ""
    _complete(contact)
    contact.full_clean()
    contact.save()
    if ways is not None:
        replace_ways(network, contact, ways)
    if circles is not None:
        set_circles(network, contact, circles_by_name(network, circles).values())
    index_contacts(network, [contact])
    return contact


def archive_contacts(network: Network, contacts: Iterable[Contact]) -> datetime:
    """Move contacts to the archive. Return the timestamp that identifies this action for undo."""
    now = timezone.now()
    network.contacts.filter(pk__in=_ids(contacts), archived_at=None).update(archived_at=now)
    return now


def unarchive_contacts(network: Network, contacts: Iterable[Contact]) -> None:
    """Take contacts out of the archive."""
    network.contacts.filter(pk__in=_ids(contacts)).update(archived_at=None)


def trash_contacts(network: Network, contacts: Iterable[Contact], *, instant: datetime | None = None) -> datetime:
    """Put contacts into the trash, where they stay for 30 days.

    Return the timestamp that identifies this action for undo. Pass `instant` if the call is part of an action that
    already has a timestamp.

    The contacts disappear from pages, but help they took part in still counts: trashing somebody does not undo what
    happened.
    """
    instant = instant or timezone.now()
    network.contacts.filter(pk__in=_ids(contacts)).update(deleted_at=instant)
    return instant


def restore_contacts(network: Network, contacts: Iterable[Contact]) -> None:
    """Take contacts out of the trash."""
    network.contacts(manager="with_trash").filter(pk__in=_ids(contacts)).update(deleted_at=None)


def _ids(contacts: Iterable[Contact]) -> list[int]:
    return [contact.pk for contact in contacts]


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    return cleaned_fields(fields, multiline=("notes",))


def _contact(network: Network, fields: Mapping[str, Any]) -> Contact:
    contact = Contact(network=network, **_cleaned(fields))
    _complete(contact)
    return contact


def _contacts(network: Network, people: Iterable[Person]) -> Iterator[Contact]:
    """Yield unsaved contacts, created from positional values, which takes half as long as from keywords."""
    by_position: Callable[..., Contact] = Contact
    columns = Contact._meta.concrete_fields
    made = {field.attname: field.get_default for field in columns if field.has_default() and callable(field.default)}
    fixed = {field.attname: field.get_default() for field in columns if field.attname not in made}
    fixed |= {"network_id": network.pk, "text_revision": network.next_text_revision()}
    for person in people:
        values = fixed | {name: make() for name, make in made.items()} | _cleaned(person.fields)
        values |= {"extra_properties": person.extra} | person.history
        contact = by_position(*(values.pop(field.attname) for field in columns))
        if values:
            raise TypeError(f"A contact has no {', '.join(values)}.")
        Contact._meta.get_field("network").set_cached_value(contact, network)
        _complete(contact)
        yield contact


def _complete(contact: Contact) -> None:
    """Fill in the display name, if empty, and the sort name."""
    contact.display_name = contact.display_name or _composed(contact) or contact.nickname or contact.organisation
    contact.sort_name = sortable_name(
        given_name=contact.given_name, family_name=contact.family_name, display_name=contact.display_name
    )[: Contact._meta.get_field("sort_name").max_length]


def _composed(contact: Contact) -> str:
    return compose_name(
        prefix=contact.prefix,
        given_name=contact.given_name,
        additional_names=contact.additional_names,
        family_name=contact.family_name,
        suffix=contact.suffix,
    )


def _add_batch(network: Network, people: list[Person]) -> list[Contact]:
    """Add the contacts first, then their related rows, then their search words."""
    network_id, region = network.pk, region_of(network.owner)
    contacts = list(_contacts(network, people))
    for contact in contacts:
        contact.clean()
    _check([contact for contact in contacts if not _surely_fits(contact)])
    insert_with_keys(contacts)
    pairs = list(zip(contacts, people, strict=True))

    ways = [
        (contact, values) for contact, person in pairs for values in way_values(person.ways.values(), region=region)
    ]
    _check(
        [
            WayToReach(network=network, contact=contact, **dict(zip(WAY_VALUES, values, strict=True)))
            for contact, values in ways
            if not surely_fits(values)
        ]
    )
    insert_values(
        WayToReach,
        ("network_id", "contact_id", *WAY_VALUES),
        [(network_id, contact.pk, *values) for contact, values in ways],
    )

    topics = [
        Topic(network=network, contact=contact, kind=kind, text=one_line(text), noted_on=network.today())
        for contact, person in pairs
        for (kind, _key), text in person.topics.items()
    ]
    _check(topics)
    insert(topics)

    circles = circles_by_name(network, (name for person in people for name in person.circles.values()))
    memberships = {
        (circles[name].pk, contact.pk) for contact, person in pairs for name in person.circles.values() if name.strip()
    }
    insert_values(
        CircleMembership,
        ("network_id", "circle_id", "contact_id"),
        [(network_id, *membership) for membership in sorted(memberships)],
    )
    add_from_cards(network, {contact.pk: person.related.values() for contact, person in pairs})
    add_photos(network, {contact.pk: person.portrait.content for contact, person in pairs if person.portrait})
    texts = {contact.pk: [one_line(text) for text in person.topics.values()] for contact, person in pairs}
    reached: dict[int, list[tuple[str, str]]] = {contact.pk: [] for contact in contacts}
    for contact, (kind, _label, _value, normalised, *_rest) in ways:
        reached[contact.pk].append((kind, normalised))
    index_new_contacts(network, contacts, texts, reached)
    return contacts


def _surely_fits(contact: Contact) -> bool:
    """Return whether all texts are short enough to skip validation, because checking every field is slow."""
    return all(len(getattr(contact, name)) <= longest for name, longest in _lengths())


@cache
def _lengths() -> list[tuple[str, int]]:
    fields = Contact._meta.concrete_fields
    return [(field.attname, field.max_length) for field in fields if isinstance(field, CharField) and field.max_length]


def _check(rows: Sequence[Contact | WayToReach | Topic]) -> None:
    """Validate unsaved rows without a query for each one's network and contact, which were set here."""
    for row in rows:
        row.full_clean(exclude=["network", "contact", "uuid"], validate_unique=False, validate_constraints=False)
