"""Taking back in what netcrm's own export holds beside the contacts themselves; whatever is there already stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Loss
from contacts.files.inline_images import from_base64
from contacts.files.own.reading import day_of, instant_of, uuid_of
from contacts.files.own.records import Record
from contacts.importing.identifiers import Identifiers, contacts_by_file_id
from contacts.importing.restorers import Restored, register_restorer
from contacts.models import (
    Conversation,
    ConversationParticipation,
    DuplicatePair,
    ImportSource,
    Network,
    Photo,
    Relation,
    Reminder,
    Topic,
)
from contacts.people.circles import circles_by_name
from contacts.people.contact_days import refresh_last_contact
from contacts.people.conversations import check_day
from contacts.people.photos import UnusablePictureError, finished
from contacts.people.search import index_contacts, refresh_search_texts
from contacts.text import cleaned, one_line

KEY_LENGTH = 64


@register_restorer("circles")
def restore_circles(network: Network, records: Sequence[Record]) -> Restored:
    """Make the circles that are missing."""
    before = network.circles.count()
    circles_by_name(network, [text_of(record, "name")[:200] for record in records])
    return Restored(network.circles.count() - before)


@register_restorer("conversations")
def restore_conversations(network: Network, records: Sequence[Record]) -> Restored:
    """Add the conversations that are missing, with those of their people who are here."""
    names = Identifiers(network, Conversation, [text_of(record, "id") for record in records])
    contacts = contacts_by_file_id(network, (name for record in records for name in names_of(record, "contacts")))
    keys = [uuid_of(record.values.get("client_key")) for record in records]
    talks = network.conversations(manager="with_trash")
    taken = set(talks.filter(client_key__in=keys).values_list("client_key", flat=True))
    conversations: list[Conversation] = []
    parts: list[ConversationParticipation] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        client_key = uuid_of(record.values.get("client_key"))
        day = day_of(record.values, "day")
        if day is None:
            losses.append((record.row, Loss("day", _("This entry has no day."))))
        if day is None or client_key in taken:
            continue
        taken |= {client_key} if client_key else set()
        conversation = Conversation(
            network=network,
            uuid=names[text_of(record, "id")],
            day=day,
            place=one_line(text_of(record, "place")),
            note=cleaned(text_of(record, "note")),
            is_news=record.values.get("is_news") is True,
            client_key=client_key,
            deleted_at=instant_of(record.values, "deleted_at"),
            **history_of(record),
        )
        if problem := problem_of(conversation):
            losses.append((record.row, problem))
            continue
        people = [contacts[name] for name in names_of(record, "contacts") if name in contacts]
        conversations.append(conversation)
        parts += [
            ConversationParticipation(network=network, conversation=conversation, contact=contact)
            for contact in dict.fromkeys(people)
        ]
    network.conversations.bulk_create(conversations)
    network.conversation_participations.bulk_create(parts)
    refresh_search_texts(network, conversations)
    refresh_last_contact(network, {contact.pk for contact in contacts.values()})
    return Restored(len(conversations), losses)


@register_restorer("lines")
def restore_topics(network: Network, records: Sequence[Record]) -> Restored:
    """Add what people seek and offer, and what the member offers, unless the same is noted already."""
    names = Identifiers(network, Topic, [text_of(record, "id") for record in records])
    contacts = contacts_by_file_id(network, filter(None, (text_of(record, "contact") for record in records)))
    talk_ids = filter(None, (text_of(record, "conversation") for record in records))
    talk_names = Identifiers(network, Conversation, talk_ids)
    talks = {talk.uuid: talk for talk in network.conversations(manager="with_trash").filter(uuid__in=talk_names.all())}
    topics: list[Topic] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact = contacts.get(text_of(record, "contact"))
        talk = text_of(record, "conversation")
        topic = Topic(
            network=network,
            uuid=names[text_of(record, "id")],
            contact=contact,
            conversation=talks.get(talk_names[talk]) if talk else None,
            kind=text_of(record, "kind"),
            text=one_line(text_of(record, "text")),
            noted_on=day_of(record.values, "noted_on") or network.today(),
            renewed_on=day_of(record.values, "renewed_on"),
            closed_on=day_of(record.values, "closed_on"),
            deleted_at=instant_of(record.values, "deleted_at"),
            **history_of(record),
        )
        if contact is None and (text_of(record, "contact") or topic.kind != Topic.Kind.OFFERS):
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(topic):
            losses.append((record.row, problem))
        else:
            topics.append(topic)
    network.topics.bulk_create(topics)
    refresh_search_texts(network, list({topic.conversation for topic in topics if topic.conversation}))
    index_contacts(network, {topic.contact for topic in topics if topic.contact})
    return Restored(len(topics), losses)


@register_restorer("relations")
def restore_relations(network: Network, records: Sequence[Record]) -> Restored:
    """Add who is related to whom, as far as both are here."""
    names = Identifiers(network, Relation, [text_of(record, "id") for record in records])
    file_ids = (text_of(record, name) for record in records for name in ("contact", "other"))
    contacts = contacts_by_file_id(network, filter(None, file_ids))
    relations: list[Relation] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact, other = (contacts.get(text_of(record, name)) for name in ("contact", "other"))
        relation = Relation(
            network=network,
            uuid=names[text_of(record, "id")],
            contact=contact,
            other=other,
            name="" if other else one_line(text_of(record, "name")),
            card_uid="" if other else text_of(record, "card_uid"),
            label=one_line(text_of(record, "label")),
            **history_of(record),
        )
        if contact is None or contact == other or not (other or relation.name or relation.card_uid):
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(relation):
            losses.append((record.row, problem))
        else:
            relations.append(relation)
    network.relations.bulk_create(relations, ignore_conflicts=True)
    return Restored(0, losses)


@register_restorer("verdicts")
def restore_decisions(network: Network, records: Sequence[Record]) -> Restored:
    """Ask no more about those of whom the member said that they are two people, as far as both are here."""
    contacts = contacts_by_file_id(network, (name for record in records for name in names_of(record, "two_people")))
    people = {
        frozenset(contacts[name].pk for name in names_of(record, "two_people") if name in contacts)
        for record in records
    }
    pairs = sorted(tuple(sorted(both)) for both in people if len(both) == 2)
    said = DuplicatePair.State.DISTINCT
    network.duplicate_pairs.bulk_create(
        (
            DuplicatePair(network=network, first_id=first, second_id=second, score=0, state=said)
            for first, second in pairs
        ),
        ignore_conflicts=True,
    )
    waiting = network.duplicate_pairs.filter(state=DuplicatePair.State.OPEN)
    for first, second in pairs:
        waiting.filter(first=first, second=second).update(state=said)
    return Restored(0)


@register_restorer("reminders")
def restore_reminders(network: Network, records: Sequence[Record]) -> Restored:
    """Add the reminders that are missing."""
    names = Identifiers(network, Reminder, [text_of(record, "id") for record in records])
    contacts = contacts_by_file_id(network, filter(None, (text_of(record, "contact") for record in records)))
    reminders: list[Reminder] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact = contacts.get(text_of(record, "contact"))
        reminder = Reminder(
            network=network,
            uuid=names[text_of(record, "id")],
            contact=contact,
            kind=text_of(record, "kind"),
            text=one_line(text_of(record, "text")),
            due_on=day_of(record.values, "due_on") or network.today(),
            returns_on=day_of(record.values, "returns_on"),
            rhythm_days=record.values.get("rhythm_days"),
            due_before=day_of(record.values, "due_before"),
            ended_at=instant_of(record.values, "ended_at"),
            **history_of(record),
        )
        if contact is None:
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(reminder):
            losses.append((record.row, problem))
        else:
            reminders.append(reminder)
    network.reminders.bulk_create(reminders)
    return Restored(0, losses)


@register_restorer("photos")
def restore_photos(network: Network, records: Sequence[Record]) -> Restored:
    """Give contacts their picture, unless they have one."""
    names = Identifiers(network, Photo, [text_of(record, "id") for record in records])
    contacts = contacts_by_file_id(network, filter(None, (text_of(record, "contact") for record in records)))
    taken = set(network.photos.filter(contact__in=contacts.values()).values_list("contact", flat=True))
    photos: list[Photo] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact = contacts.get(text_of(record, "contact"))
        if contact is None:
            losses.append((record.row, _nobody_here()))
        elif contact.pk not in taken:
            try:
                content = finished(from_base64(text_of(record, "content")))
            except UnusablePictureError as problem:
                losses.append((record.row, Loss("photo", problem.reason)))
                continue
            taken.add(contact.pk)
            name = names[text_of(record, "id")]
            photos.append(Photo(network=network, uuid=name, contact=contact, content=content, **history_of(record)))
    network.photos.bulk_create(photos, batch_size=100)
    return Restored(0, losses)


@register_restorer("sources")
def restore_sources(network: Network, records: Sequence[Record]) -> Restored:
    """Remember which files people came from, as the exported network did."""
    contacts = contacts_by_file_id(network, filter(None, (text_of(record, "contact") for record in records)))
    sources = [
        ImportSource(
            network=network,
            format=text_of(record, "format")[:32],
            key=text_of(record, "key")[:KEY_LENGTH],
            contact=contacts.get(text_of(record, "contact")),
            known_values=names_of(record, "known_values"),
        )
        for record in records
        if text_of(record, "format") and text_of(record, "key")
    ]
    network.import_sources.bulk_create(sources, ignore_conflicts=True)
    return Restored(0)


def _nobody_here() -> Loss:
    return Loss("contact", _("The person it is about is not here."))


def unknown(records: Iterable[Record], names: Identifiers) -> list[Record]:
    """The records, each once, that the network does not have yet."""
    by_id = {text_of(record, "id"): record for record in records}
    return [record for file_id, record in by_id.items() if file_id and not names.is_known(file_id)]


def text_of(record: Record, name: str) -> str:
    """A text of a record; empty if it is none."""
    value = record.values.get(name)
    return value if isinstance(value, str) else ""


def names_of(record: Record, name: str) -> list[str]:
    """The texts in a list of a record."""
    value = record.values.get(name)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def history_of(record: Record) -> dict[str, Any]:
    """When the record was made, if it says so."""
    created_at = instant_of(record.values, "created_at")
    return {"created_at": created_at} if created_at else {}


def problem_of(row: Conversation | Topic | Relation | Reminder) -> Loss | None:
    """Why a row cannot be stored, if so."""
    try:
        row.clean_fields(exclude=["network", "contact", "other", "conversation"])
        row.clean()
        if isinstance(row, Conversation):
            check_day(row)
    except ValidationError as problem:
        field, messages = next(iter(problem.message_dict.items()))
        return Loss(field, format_lazy("{reason}", reason=messages[0]))
    return None
