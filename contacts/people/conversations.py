"""Conversations with one or more people, and the topics and news heard in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact, Conversation, ConversationParticipation, Network
from contacts.people.contact_days import raise_last_contact, refresh_last_contact
from contacts.people.presence import present_contacts
from contacts.people.search import index_contacts, search_text
from contacts.people.topics import add_topic
from contacts.text import cleaned, one_line

Heard: TypeAlias = Literal["seeks", "offers", "news"]

EARLIEST_DAY = date(1900, 1, 1)
FARTHEST_AHEAD = timedelta(days=366)


@transaction.atomic
def log_conversation(
    network: Network,
    *,
    day: date,
    contacts: Collection[Contact],
    place: str = "",
    note: str = "",
    is_news: bool = False,
    client_key: uuid.UUID | None = None,
) -> Conversation:
    """Log a conversation with one or more contacts on `day`, a date in the member's calendar.

    If the `client_key` was used before, returns the conversation that was logged with it. Raises ValidationError.
    """
    if logged := _logged(network, client_key):
        return logged
    if not contacts:
        raise ValidationError({"contacts": _("Name at least one person.")})
    contacts = present_contacts(network, contacts)
    conversation = Conversation(
        network=network, day=day, place=one_line(place), note=cleaned(note), is_news=is_news, client_key=client_key
    )
    conversation.search_text = search_text(conversation, [])
    conversation.full_clean(exclude=["client_key"])
    check_day(conversation)
    people = _participations(network, conversation, contacts)
    try:
        with transaction.atomic():
            conversation.save()
    except IntegrityError:
        # The same form was submitted twice at once.
        if logged := _logged(network, client_key):
            return logged
        raise
    ConversationParticipation.objects.bulk_create(people)
    raise_last_contact(network, [contact.pk for contact in contacts], day)
    return conversation


@transaction.atomic
def hear(
    network: Network,
    *,
    contact: Contact,
    kind: Heard,
    text: str,
    day: date,
    place: str = "",
    client_key: uuid.UUID | None = None,
) -> Conversation:
    """Record what a contact seeks or offers, or news about them, as a conversation on `day`.

    If the `client_key` was used before, returns the conversation that was logged with it. Raises ValidationError, for
    example if the text is empty.
    """
    if logged := _logged(network, client_key):
        return logged
    if not one_line(text):
        raise ValidationError({"text": _("Write down in a few words what you heard.")})
    if kind == "news":
        return log_conversation(
            network, day=day, contacts=[contact], place=place, note=text, is_news=True, client_key=client_key
        )
    conversation = log_conversation(network, day=day, contacts=[contact], place=place, client_key=client_key)
    add_topic(network, contact=contact, kind=kind, text=text, day=day, conversation=conversation)
    conversation.search_text = search_text(conversation, [text])
    conversation.save(update_fields=["search_text"])
    return conversation


@transaction.atomic
def add_news(network: Network, texts: Mapping[Contact, str], *, day: date) -> None:
    """Record news about contacts that came from elsewhere, such as a file, in a handful of queries.

    This does not count as contact, so the date of the last contact stays the same.
    """
    told = []
    for contact, text in texts.items():
        conversation = Conversation(network=network, day=day, note=cleaned(text), is_news=True)
        conversation.search_text = search_text(conversation, [])
        told.append((contact, conversation))
    Conversation.objects.bulk_create(conversation for _contact, conversation in told)
    ConversationParticipation.objects.bulk_create(
        ConversationParticipation(network=network, conversation=conversation, contact=contact)
        for contact, conversation in told
    )


@transaction.atomic
def edit_conversation(
    network: Network,
    conversation: Conversation,
    *,
    day: date,
    contacts: Collection[Contact],
    place: str = "",
    note: str = "",
) -> Conversation:
    """Replace all fields and participants of a conversation. Raises ValidationError."""
    before = _contact_ids(network, [conversation.pk])
    after = {contact.pk for contact in contacts}
    if not after:
        raise ValidationError({"contacts": _("Name at least one person.")})
    conversation.day, conversation.place, conversation.note = day, one_line(place), cleaned(note)
    heard = network.topics(manager="with_trash").filter(conversation=conversation, deleted_at=None)
    conversation.search_text = search_text(conversation, heard.values_list("text", flat=True))
    conversation.full_clean(exclude=["client_key"])
    check_day(conversation)
    people = _participations(network, conversation, [contact for contact in contacts if contact.pk not in before])
    conversation.save()
    # People in the trash stay in the conversation: no page showed them, so they were not left out on purpose.
    gone = network.conversation_participations.filter(conversation=conversation, contact__deleted_at=None)
    gone.exclude(contact__in=after).delete()
    ConversationParticipation.objects.bulk_create(people)
    refresh_last_contact(network, before | after)
    return conversation


@transaction.atomic
def trash_conversations(network: Network, conversations: Iterable[Conversation]) -> datetime:
    """Put conversations and the topics heard in them into the trash.

    Return the timestamp that identifies this action for undo.
    """
    now = timezone.now()
    _set_deleted(network, conversations, now)
    return now


@transaction.atomic
def restore_conversations(network: Network, conversations: Iterable[Conversation]) -> None:
    """Take conversations out of the trash."""
    _set_deleted(network, conversations, None)


@transaction.atomic
def erase_conversations(network: Network, conversations: Iterable[Conversation]) -> None:
    """Delete conversations for good, with the topics heard in them."""
    ids = [conversation.pk for conversation in conversations]
    contact_ids = _contact_ids(network, ids)
    network.topics(manager="with_trash").filter(conversation__in=ids).delete()
    network.conversations(manager="with_trash").filter(pk__in=ids).delete()
    _bring_up_to_date(network, contact_ids)


def check_day(conversation: Conversation) -> None:
    """Raise ValidationError for a day before 1900 or over a year ahead, which is probably a typo."""
    if conversation.day < EARLIEST_DAY:
        raise ValidationError({"day": _("That is too long ago: the journal begins in 1900.")})
    if conversation.day > conversation.network.today() + FARTHEST_AHEAD:
        raise ValidationError({"day": _("That is more than a year ahead. Check the year.")})


def _logged(network: Network, client_key: uuid.UUID | None) -> Conversation | None:
    if client_key is None:
        return None
    return network.conversations(manager="with_trash").filter(client_key=client_key).first()


def _participations(
    network: Network, conversation: Conversation, contacts: Collection[Contact]
) -> list[ConversationParticipation]:
    """Return unsaved participations of these contacts. Raises ValidationError if one is from another network."""
    people = {contact.pk: contact for contact in contacts}
    participations = [
        ConversationParticipation(network=network, conversation=conversation, contact=contact)
        for contact in people.values()
    ]
    for participation in participations:
        participation.clean()
    return participations


def _set_deleted(network: Network, conversations: Iterable[Conversation], instant: datetime | None) -> None:
    ids = [conversation.pk for conversation in conversations]
    network.conversations(manager="with_trash").filter(pk__in=ids).update(deleted_at=instant)
    _bring_up_to_date(network, _contact_ids(network, ids))


def _contact_ids(network: Network, conversation_ids: list[int]) -> set[int]:
    rows = network.conversation_participations.filter(conversation__in=conversation_ids)
    return set(rows.values_list("contact", flat=True))


def _bring_up_to_date(network: Network, contact_ids: set[int]) -> None:
    refresh_last_contact(network, contact_ids)
    index_contacts(network, network.contacts(manager="with_trash").filter(pk__in=contact_ids))
