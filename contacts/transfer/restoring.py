"""Restoring the records in netcrm's own export other than contacts; existing rows stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Loss
from contacts.files.own.fields import RecordValues
from contacts.files.own.records import Record
from contacts.importing.identifiers import Identifiers, contacts_by_file_id
from contacts.importing.restorers import Restored, register_restorer
from contacts.models import (
    Contact,
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
from contacts.people.photos import SIDE, UnusablePictureError, finished
from contacts.people.search import index_contacts, refresh_search_texts
from contacts.transfer.sections import CIRCLE, CONVERSATION, DECISION, PHOTO, RELATION, REMINDER, SOURCE, TOPIC

KEY_LENGTH = 64
OF_MEMBER = (Topic.Kind.OFFERS, Topic.Kind.SEEKS)
"""The kinds of topics that a member can have."""
OWN_PIXELS = SIDE**2
"""Pixels of the largest picture that netcrm makes, and so of any in its exports. Larger ones would take too long."""


@register_restorer("circles", CIRCLE)
def restore_circles(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the circles that are missing."""
    before = network.circles.count()
    circles_by_name(network, [record.values["name"][:200] for record in records])
    return Restored(network.circles.count() - before)


@register_restorer("conversations", CONVERSATION)
def restore_conversations(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the conversations that are missing, with those participants who are in the network."""
    names = Identifiers(network, Conversation, [record.file_id for record in records])
    contacts = contacts_by_file_id(network, people_in(records))
    keys = [record.values["client_key"] for record in records]
    talks = network.conversations(manager="with_trash")
    taken = set(talks.filter(client_key__in=keys).values_list("client_key", flat=True))
    conversations: list[Conversation] = []
    parts: list[ConversationParticipation] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        client_key = record.values["client_key"]
        if record.values["day"] is None:
            losses.append((record.row, Loss("day", _("This entry has no day."))))
            continue
        if client_key in taken:
            continue
        taken |= {client_key} if client_key else set()
        conversation = Conversation(network=network, **attributes(record, names))
        if problem := problem_of(conversation):
            losses.append((record.row, problem))
            continue
        people = [contacts[name] for name in record.values["participations"] if name in contacts]
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


@register_restorer("lines", TOPIC)
def restore_topics(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the topics that are missing, including the member's own offers and asks."""
    names = Identifiers(network, Topic, [record.file_id for record in records])
    contacts = contacts_named_by(network, records)
    talk_names = Identifiers(network, Conversation, references(records, "conversation"))
    talks = {talk.uuid: talk for talk in network.conversations(manager="with_trash").filter(uuid__in=talk_names.all())}
    topics: list[Topic] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        values = record.values
        contact, talk = contacts.get(values["contact"]), values["conversation"]
        topic = Topic(
            network=network,
            **attributes(
                record,
                names,
                contact=contact,
                conversation=talks.get(talk_names[talk]) if talk else None,
                noted_on=values["noted_on"] or network.today(),
            ),
        )
        if contact is None and (values["contact"] or topic.kind not in OF_MEMBER):
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(topic):
            losses.append((record.row, problem))
        else:
            topics.append(topic)
    network.topics.bulk_create(topics)
    refresh_search_texts(network, list({topic.conversation for topic in topics if topic.conversation}))
    index_contacts(network, {topic.contact for topic in topics if topic.contact})
    return Restored(len(topics), losses)


@register_restorer("relations", RELATION)
def restore_relations(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the relations that are missing, if the contact is in the network."""
    names = Identifiers(network, Relation, [record.file_id for record in records])
    contacts = contacts_named_by(network, records, "contact", "other")
    relations: list[Relation] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact, other = (contacts.get(record.values[name]) for name in ("contact", "other"))
        by_name = {"name": "", "card_uid": ""} if other else {}
        relation = Relation(network=network, **attributes(record, names, contact=contact, other=other, **by_name))
        if contact is None or contact == other or not (other or relation.name or relation.card_uid):
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(relation):
            losses.append((record.row, problem))
        else:
            relations.append(relation)
    network.relations.bulk_create(relations, ignore_conflicts=True)
    return Restored(0, losses)


@register_restorer("verdicts", DECISION)
def restore_decisions(network: Network, records: Sequence[Record]) -> Restored:
    """Restores the decision "two people" for pairs whose contacts are both in the network."""
    contacts = contacts_by_file_id(network, (name for record in records for name in record.values["two_people"]))
    people = {
        frozenset(contacts[name].pk for name in record.values["two_people"] if name in contacts) for record in records
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


@register_restorer("reminders", REMINDER)
def restore_reminders(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the reminders that are missing."""
    names = Identifiers(network, Reminder, [record.file_id for record in records])
    contacts = contacts_named_by(network, records)
    reminders: list[Reminder] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact = contacts.get(record.values["contact"])
        due_on = record.values["due_on"] or network.today()
        reminder = Reminder(network=network, **attributes(record, names, contact=contact, due_on=due_on))
        if contact is None:
            losses.append((record.row, _nobody_here()))
        elif problem := problem_of(reminder):
            losses.append((record.row, problem))
        else:
            reminders.append(reminder)
    network.reminders.bulk_create(reminders)
    return Restored(0, losses)


@register_restorer("photos", PHOTO)
def restore_photos(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the pictures of contacts that have none."""
    names = Identifiers(network, Photo, [record.file_id for record in records])
    contacts = contacts_named_by(network, records)
    taken = set(network.photos.filter(contact__in=contacts.values()).values_list("contact", flat=True))
    photos: list[Photo] = []
    losses: list[tuple[int, Loss]] = []
    for record in unknown(records, names):
        contact = contacts.get(record.values["contact"])
        if contact is None:
            losses.append((record.row, _nobody_here()))
        elif contact.pk not in taken:
            try:
                content = finished(record.values["content"], most_pixels=OWN_PIXELS)
            except UnusablePictureError as problem:
                losses.append((record.row, Loss("photo", problem.reason)))
                continue
            taken.add(contact.pk)
            values = attributes(record, names, contact=contact, content=content)
            del values["media_type"]
            photos.append(Photo(network=network, **values))
    network.photos.bulk_create(photos, batch_size=100)
    return Restored(0, losses)


@register_restorer("sources", SOURCE)
def restore_sources(network: Network, records: Sequence[Record]) -> Restored:
    """Adds the import sources that are missing, so that their files are recognised as in the exported network."""
    contacts = contacts_named_by(network, records)
    sources = [
        ImportSource(
            network=network,
            format=values["format"][:32],
            key=values["key"][:KEY_LENGTH],
            contact=contacts.get(values["contact"]),
            known_values=values["known_values"],
        )
        for values in (record.values for record in records)
        if values["format"] and values["key"]
    ]
    network.import_sources.bulk_create(sources, ignore_conflicts=True)
    return Restored(0)


def unknown(records: Iterable[Record], names: Identifiers) -> list[Record]:
    """Returns the records, each once, that the network does not have yet."""
    by_id = {record.file_id: record for record in records}
    return [record for file_id, record in by_id.items() if file_id and not names.is_known(file_id)]


def references(records: Iterable[Record], *names: str) -> list[str]:
    """Returns the identifiers of the rows that records refer to under these names."""
    return [record.values[name] for record in records for name in names if record.values[name]]


def contacts_named_by(network: Network, records: Iterable[Record], *names: str) -> dict[str, Contact]:
    """Returns the contacts, by identifier in the file, that records refer to under these names or as `contact`."""
    return contacts_by_file_id(network, references(records, *(names or ("contact",))))


def people_in(records: Iterable[Record]) -> list[str]:
    """Returns the identifiers of all participants."""
    return [name for record in records for name in record.values["participations"]]


def attributes(record: Record, names: Identifiers, **own: Any) -> RecordValues:
    """Returns the attributes of the row that a record becomes; `own` take precedence over those in the file.

    Lists, which become rows of their own, are left out, and so is a creation time that is missing in the file.
    """
    values = record.values | {"uuid": names[record.file_id]} | own
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, list) and (name != "created_at" or value is not None)
    }


def problem_of(row: Conversation | Topic | Relation | Reminder) -> Loss | None:
    """Returns the reason why a row cannot be stored, or None if it can."""
    try:
        row.clean_fields(exclude=["network", "contact", "other", "conversation"])
        row.clean()
        if isinstance(row, Conversation):
            check_day(row)
    except ValidationError as problem:
        field, messages = next(iter(problem.message_dict.items()))
        return Loss(field, format_lazy("{reason}", reason=messages[0]))
    return None


def _nobody_here() -> Loss:
    return Loss("contact", _("The person it is about is not here."))
