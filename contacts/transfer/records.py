"""A network's people, and what was heard of them, as records of netcrm's own format; docs/export.md describes it.

Empty values are left out. Each function reads a few hundred rows at a time, so that memory stays bounded. With a
`contact` it answers only what is about that one, and of those who took part in something names nobody else.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import Prefetch
from django.db.models.functions import Lower

from contacts.cards import PartialDate
from contacts.files.own.fields import DAYS, FLAGS, FORMAT, INSTANTS, TEXTS
from contacts.models import Contact, DuplicatePair, Network
from contacts.people.photos import MEDIA_TYPE

AT_ONCE = 500
PHOTOS_AT_ONCE = 50

RecordValues: TypeAlias = dict[str, Any]


def circle_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """All circles, those of nobody included."""
    circles = network.circles.filter(contacts=contact) if contact else network.circles.all()
    for circle in circles.order_by(Lower("name")).iterator(chunk_size=AT_ONCE):
        yield {"name": circle.name}


def contact_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """All contacts, those in the archive and in the trash included."""
    contacts = network.contacts(manager="with_trash").filter(**_of(contact, "pk")).order_by("pk")
    contacts = contacts.prefetch_related(
        Prefetch("ways", network.ways_to_reach.all()), Prefetch("circles", network.circles.order_by(Lower("name")))
    )
    for person in contacts.iterator(chunk_size=AT_ONCE):
        yield filled(_contact_record(person))


def conversation_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """All conversations, with the identifiers of those whom they were with."""
    people = network.conversation_participations.filter(**_of(contact)).select_related("contact").order_by("pk")
    conversations = network.conversations(manager="with_trash").filter(**_of(contact, "participations__contact"))
    conversations = conversations.order_by("pk")
    for talk in conversations.prefetch_related(Prefetch("participations", people)).iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(talk.uuid),
                "day": talk.day.isoformat(),
                "place": talk.place,
                "note": talk.note,
                "is_news": talk.is_news,
                "contacts": [str(part.contact.uuid) for part in talk.participations.all()],
                "client_key": str(talk.client_key or ""),
                "created_at": instant(talk.created_at),
                "deleted_at": instant(talk.deleted_at),
            }
        )


def topic_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """What people seek, offer and are interested in; without a contact, what the member offers."""
    topics = (
        network.topics(manager="with_trash")
        .filter(**_of(contact))
        .select_related("contact", "conversation")
        .order_by("pk")
    )
    for topic in topics.iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(topic.uuid),
                "contact": str(topic.contact.uuid) if topic.contact else "",
                "conversation": str(topic.conversation.uuid) if topic.conversation else "",
                "kind": topic.kind,
                "text": topic.text,
                "noted_on": day(topic.noted_on),
                "renewed_on": day(topic.renewed_on),
                "closed_on": day(topic.closed_on),
                "created_at": instant(topic.created_at),
                "deleted_at": instant(topic.deleted_at),
            }
        )


def relation_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Who is related to whom: another contact, or a mere name."""
    relations = network.relations.filter(**_of(contact)).select_related("contact", "other").order_by("pk")
    for relation in relations.iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(relation.uuid),
                "contact": str(relation.contact.uuid),
                "label": relation.label,
                "other": str(relation.other.uuid) if relation.other else "",
                "name": relation.name,
                "card_uid": relation.card_uid,
                "created_at": instant(relation.created_at),
            }
        )


def decision_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Pairs of contacts of whom the member said that they are two people. They are about both, so of none alone."""
    pairs = network.duplicate_pairs.filter(state=DuplicatePair.State.DISTINCT).select_related("first", "second")
    for pair in (pairs.none() if contact else pairs.order_by("pk")).iterator(chunk_size=AT_ONCE):
        yield {"two_people": sorted([str(pair.first.uuid), str(pair.second.uuid)])}


def reminder_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """All reminders, those that are done or stopped included."""
    reminders = network.reminders.filter(**_of(contact)).select_related("contact").order_by("pk")
    for reminder in reminders.iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(reminder.uuid),
                "contact": str(reminder.contact.uuid),
                "kind": reminder.kind,
                "text": reminder.text,
                "due_on": day(reminder.due_on),
                "returns_on": day(reminder.returns_on),
                "rhythm_days": reminder.rhythm_days,
                "due_before": day(reminder.due_before),
                "ended_at": instant(reminder.ended_at),
                "created_at": instant(reminder.created_at),
            }
        )


def photo_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """The pictures of contacts, in base64."""
    photos = network.photos.filter(**_of(contact)).select_related("contact").order_by("pk")
    for photo in photos.iterator(chunk_size=PHOTOS_AT_ONCE):
        yield {
            "id": str(photo.uuid),
            "contact": str(photo.contact.uuid),
            "media_type": MEDIA_TYPE,
            "content": base64.b64encode(photo.content).decode("ascii"),
            "created_at": instant(photo.created_at),
        }


def source_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Which files people came from, as hashes: so that those files bring nothing twice in another place either."""
    sources = (
        network.import_sources.filter(**_of(contact)).exclude(format=FORMAT).select_related("contact").order_by("pk")
    )
    for source in sources.iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "format": source.format,
                "key": source.key,
                "contact": str(source.contact.uuid) if source.contact else "",
                "known_values": source.known_values,
            }
        )


def _of(contact: Contact | None, field: str = "contact") -> dict[str, int]:
    """The condition of a query that its rows are about a contact; none without one."""
    return {field: contact.pk} if contact else {}


def filled(values: RecordValues) -> RecordValues:
    """The values without the empty ones."""
    return {name: value for name, value in values.items() if value not in ("", None, [], False)}


def instant(value: datetime | None) -> str:
    """An instant in ISO form, with its offset from UTC."""
    return value.isoformat() if value else ""


def day(value: date | None) -> str:
    """A calendar date in ISO form."""
    return value.isoformat() if value else ""


def _contact_record(contact: Contact) -> RecordValues:
    birthday = ""
    if contact.birth_month and contact.birth_day:
        birthday = str(PartialDate(contact.birth_month, contact.birth_day, contact.birth_year))
    return {
        "id": str(contact.uuid),
        **{key: getattr(contact, name) for key, name in TEXTS.items()},
        **{name: getattr(contact, name) for name in ("city", *FLAGS)},
        "birthday": birthday,
        **{name: day(getattr(contact, name)) for name in DAYS},
        "ways": [
            filled({"kind": way.kind, "label": way.label, "value": way.value, "parts": way.parts})
            for way in contact.ways.all()
        ],
        "circles": [circle.name for circle in contact.circles.all()],
        "extra_properties": contact.extra_properties,
        **{name: instant(getattr(contact, name)) for name in INSTANTS},
    }
