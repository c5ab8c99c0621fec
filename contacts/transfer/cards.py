"""A network's people as neutral cards, for the formats that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.text import slugify

from contacts.cards import ADDRESS_PARTS, CARD_TEXTS, DAY_FIELDS, TOPIC_LISTS, Card, PartialDate, Way
from contacts.models import Contact, Network, Photo
from contacts.people.photos import MEDIA_TYPE
from contacts.people.relations import related_of

AT_ONCE = 500
"""Contacts read at a time."""
PHOTOS = "photos"
"""The folder of pictures in an archive with a table."""


class Cards:
    """The cards of some contacts, in order; each iteration reads them again, 500 at a time."""

    def __init__(self, network: Network, contacts: QuerySet[Contact]) -> None:
        self._contacts = with_everything(network, contacts)

    def __iter__(self) -> Iterator[Card]:
        for row, contact in enumerate(self._contacts.iterator(chunk_size=AT_ONCE), start=1):
            yield card_of(contact, row)


def with_everything(network: Network, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Returns contacts of a network with everything that cards need prefetched, in a handful of queries."""
    related = network.relations.filter(Q(other=None) | Q(other__deleted_at=None)).select_related("other")
    return contacts.select_related("photo").prefetch_related(
        Prefetch("ways", network.ways_to_reach.all()),
        Prefetch("circles", network.circles.order_by(Lower("name"))),
        Prefetch("topics", network.topics.filter(closed_on=None).order_by("pk")),
        Prefetch("relations", related.order_by("pk")),
    )


def card_of(contact: Contact, row: int = 0) -> Card:
    """Returns the card of a contact whose ways, circles, open topics, related people and picture are prefetched."""
    card = Card(row=row, uid=_uid(contact.uuid))
    for name in (*CARD_TEXTS, *DAY_FIELDS, "has_died", "is_organisation", "would_call"):
        setattr(card, name, getattr(contact, name))
    if contact.birth_month and contact.birth_day:
        card.birthday = PartialDate(contact.birth_month, contact.birth_day, contact.birth_year)
    card.ways = [_way(way.kind, way.value, way.label, way.parts) for way in contact.ways.all()]
    if contact.city and contact.city != card.city:
        card.ways.insert(0, Way("address", contact.city, parts=("", "", "", contact.city, "", "", "")))
    card.circles = [circle.name for circle in contact.circles.all()]
    for name, kind in TOPIC_LISTS.items():
        setattr(card, name, [topic.text for topic in contact.topics.all() if topic.kind == kind])
    card.related = [related_of(relation) for relation in contact.relations.all()]
    if hasattr(contact, "photo"):
        card.photo, card.photo_type = bytes(contact.photo.content), MEDIA_TYPE
        card.photo_file = photo_file(contact.photo)
    card.extra = list(contact.extra_properties)
    return card


def photo_file(photo: Photo) -> str:
    """Returns the path of a picture in an archive with a table; its contact has to be loaded."""
    return f"{PHOTOS}/{slugify(photo.contact.display_name)[:60]}-{photo.uuid}.jpg"


def _way(kind: str, value: str, label: str, parts: list[str]) -> Way:
    """Returns a way; an address that was typed by hand has no parts, so all of it becomes the street."""
    if kind == "address" and len(parts) != len(ADDRESS_PARTS):
        return Way("address", value, label, ("", "", value, "", "", "", ""))
    return Way(kind, value, label, tuple(parts))  # type: ignore[arg-type]


def _uid(identifier: UUID) -> str:
    return f"urn:uuid:{identifier}"
