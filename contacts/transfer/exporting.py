"""A network's people and their history as records of netcrm's own format; docs/export.md describes it.

Empty values are left out. Each function reads a few hundred rows at a time, so that memory stays bounded. Given a
`contact`, it yields only the records about that contact, and names no other participant.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch
from django.db.models.functions import Lower

from contacts.cards import PartialDate
from contacts.files.own.fields import CONTACT, FORMAT, RecordValues, filled, written
from contacts.models import Contact, DuplicatePair, Network
from contacts.people.photos import MEDIA_TYPE
from contacts.transfer.sections import CIRCLE, CONVERSATION, DECISION, PHOTO, RELATION, REMINDER, SOURCE, TOPIC

AT_ONCE = 500
"""Rows read at a time."""
PHOTOS_AT_ONCE = 50


def circle_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all circles, including empty ones."""
    circles = network.circles.filter(contacts=contact) if contact else network.circles.all()
    for circle in circles.order_by(Lower("name")).iterator(chunk_size=AT_ONCE):
        yield written(CIRCLE, circle)


def contact_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all contacts, including those in the archive and in the trash."""
    contacts = network.contacts(manager="with_trash").filter(**_of(contact, "pk")).order_by("pk")
    contacts = contacts.prefetch_related(
        Prefetch("ways", network.ways_to_reach.all()), Prefetch("circles", network.circles.order_by(Lower("name")))
    )
    for person in contacts.iterator(chunk_size=AT_ONCE):
        yield filled(written(CONTACT, person, birthday=_birthday(person)))


def conversation_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all conversations, with the identifiers of the people who took part."""
    people = network.conversation_participations.filter(**_of(contact)).select_related("contact").order_by("pk")
    conversations = network.conversations(manager="with_trash").filter(**_of(contact, "participations__contact"))
    conversations = conversations.order_by("pk")
    for talk in conversations.prefetch_related(Prefetch("participations", people)).iterator(chunk_size=AT_ONCE):
        yield filled(written(CONVERSATION, talk))


def topic_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all topics; those without a contact are the member's own."""
    topics = (
        network.topics(manager="with_trash")
        .filter(**_of(contact))
        .select_related("contact", "conversation")
        .order_by("pk")
    )
    for topic in topics.iterator(chunk_size=AT_ONCE):
        yield filled(written(TOPIC, topic))


def relation_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all relations, whether to another contact or to somebody known by name only."""
    relations = network.relations.filter(**_of(contact)).select_related("contact", "other").order_by("pk")
    for relation in relations.iterator(chunk_size=AT_ONCE):
        yield filled(written(RELATION, relation))


def decision_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields the pairs that the member said are two people; none for one contact, because each pair is about both."""
    pairs = network.duplicate_pairs.filter(state=DuplicatePair.State.DISTINCT).select_related("first", "second")
    for pair in (pairs.none() if contact else pairs.order_by("pk")).iterator(chunk_size=AT_ONCE):
        yield written(DECISION, pair, two_people=sorted([str(pair.first.uuid), str(pair.second.uuid)]))


def reminder_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all reminders, including those that are done or stopped."""
    reminders = network.reminders.filter(**_of(contact)).select_related("contact").order_by("pk")
    for reminder in reminders.iterator(chunk_size=AT_ONCE):
        yield filled(written(REMINDER, reminder))


def photo_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields the pictures of contacts."""
    photos = network.photos.filter(**_of(contact)).select_related("contact").order_by("pk")
    for photo in photos.iterator(chunk_size=PHOTOS_AT_ONCE):
        yield filled(written(PHOTO, photo, media_type=MEDIA_TYPE))


def source_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields the import sources of people, as hashes, so that another network recognises their files too."""
    sources = (
        network.import_sources.filter(**_of(contact)).exclude(format=FORMAT).select_related("contact").order_by("pk")
    )
    for source in sources.iterator(chunk_size=AT_ONCE):
        yield filled(written(SOURCE, source))


def _of(contact: Contact | None, field: str = "contact") -> dict[str, int]:
    """Returns the query condition that limits rows to those about a contact; no condition without a contact."""
    return {field: contact.pk} if contact else {}


def _birthday(contact: Contact) -> str:
    if contact.birth_month and contact.birth_day:
        return str(PartialDate(contact.birth_month, contact.birth_day, contact.birth_year))
    return ""
