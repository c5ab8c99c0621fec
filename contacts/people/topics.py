"""Topics: what somebody seeks, offers or is interested in, and what the member offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact, Conversation, Network, Topic
from contacts.people.search import index_contacts, refresh_search_texts
from contacts.text import one_line

Kind = Topic.Kind


@transaction.atomic
def add_topic(
    network: Network,
    *,
    contact: Contact | None,
    kind: str,
    text: str,
    day: date | None = None,
    conversation: Conversation | None = None,
) -> Topic:
    """Record a topic of `contact`, or one of the member's own offers or asks if that is None.

    `day` is the day it was heard, today by default. If an equal open topic exists, it is renewed instead. Raises
    ValidationError.
    """
    day = day or network.today()
    text = one_line(text)
    # The same form may be sent twice at the same moment.
    if contact is None:
        network.lock()
    else:
        network.lock_contacts([contact.pk])
    known = network.topics.filter(contact=contact, kind=kind, text__iexact=text, closed_on=None).first()
    if known is not None:
        return renew_topic(network, known, day=day)
    topic = Topic(network=network, contact=contact, kind=kind, text=text, noted_on=day, conversation=conversation)
    topic.full_clean()
    topic.save()
    _index(network, topic)
    return topic


@transaction.atomic
def change_topic(network: Network, topic: Topic, *, text: str) -> Topic:
    """Reword a topic. Raises ValidationError."""
    topic.text = one_line(text)
    topic.full_clean()
    topic.save(update_fields=["text"])
    _index_words(network, topic)
    return topic


def renew_topic(network: Network, topic: Topic, *, day: date | None = None) -> Topic:
    """Record that a topic is still valid as of `day` (default: today), unless it was confirmed later already."""
    day = day or network.today()
    if day > (topic.renewed_on or topic.noted_on):
        topic.renewed_on = day
        topic.save(update_fields=["renewed_on"])
    return topic


@transaction.atomic
def close_topic(network: Network, topic: Topic) -> Topic:
    """Record that a topic is settled. It is kept, but searches no longer find it."""
    if topic.closed_on is None:
        topic.closed_on = network.today()
        topic.save(update_fields=["closed_on"])
        _index(network, topic)
    return topic


@transaction.atomic
def reopen_topic(network: Network, topic: Topic) -> Topic:
    """Reopen a closed topic; it counts as confirmed today only if it would be asleep otherwise."""
    topic.closed_on = None
    if topic.is_asleep(network.today()):
        topic.renewed_on = network.today()
    topic.save(update_fields=["closed_on", "renewed_on"])
    _index(network, topic)
    return topic


@transaction.atomic
def delete_topic(network: Network, topic: Topic) -> None:
    """Put a topic into the trash, where it stays for 30 days."""
    topic.deleted_at = timezone.now()
    topic.save(update_fields=["deleted_at"])
    _index_words(network, topic)


@transaction.atomic
def restore_topic(network: Network, topic: Topic) -> None:
    """Take a topic out of the trash."""
    topic.deleted_at = None
    topic.save(update_fields=["deleted_at"])
    _index_words(network, topic)


def _index(network: Network, topic: Topic) -> None:
    if topic.contact_id is None:
        network.mark_texts_changed([])
    else:
        index_contacts(network, network.contacts(manager="with_trash").filter(pk=topic.contact_id))


def _index_words(network: Network, topic: Topic) -> None:
    """Update the search indexes of the topic's contact and of the conversation it was heard in."""
    _index(network, topic)
    if topic.conversation_id is not None:
        talks = network.conversations(manager="with_trash").filter(pk=topic.conversation_id)
        refresh_search_texts(network, list(talks))


@dataclass(frozen=True, slots=True)
class ContactTopics:
    """The topics of one contact as its page shows them: open ones by kind, and the closed ones."""

    seeks: Sequence[Topic]
    offers: Sequence[Topic]
    interests: Sequence[Topic]
    closed: Sequence[Topic]


def own_topics(network: Network, kind: str) -> list[Topic]:
    """Return the member's own topics of a kind, open and closed, the newest first. Takes one query."""
    return list(network.topics.filter(contact=None, kind=kind))


def topics_by_kind(network: Network, contact: Contact) -> ContactTopics:
    """Return the topics of a contact, the newest first. Takes one query."""
    topics = list(network.topics.filter(contact=contact))
    open_topics = [topic for topic in topics if topic.closed_on is None]
    return ContactTopics(
        seeks=[topic for topic in open_topics if topic.kind == Kind.SEEKS],
        offers=[topic for topic in open_topics if topic.kind == Kind.OFFERS],
        interests=[topic for topic in open_topics if topic.kind == Kind.INTEREST],
        closed=[topic for topic in topics if topic.closed_on is not None],
    )
