"""Erasing contacts for good: at the member's request, after their time in the trash, or when an import is undone.

Contacts of an undone import are not remembered as erased: they may return with the file or with an older backup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.remains import wipe_after_commit
from contacts.erasing.erasures import Kind, remember_erased
from contacts.erasing.forgetting import forget
from contacts.erasing.traces import traces_of
from contacts.models import Contact, Conversation, Network, Topic
from contacts.people.conversations import erase_conversations
from contacts.signals import contacts_erased, contacts_erasing, network_changed

BATCH = 500
KEPT_IN_TRASH = timedelta(days=30)


@transaction.atomic
def erase_contacts(network: Network, contacts: Iterable[Contact]) -> None:
    """Delete contacts for good, and remember the erasure so that no restored backup brings them back."""
    people = list(contacts)
    # Contacts merged into them are part of them, but have rows of their own in older backups.
    merged = network.merges.filter(survivor__in=ids_of(people)).values_list("merged_uuid", flat=True)
    remember_erased(Kind.CONTACT, [*(contact.uuid for contact in people), *merged])
    remove_contacts(network, people)


@transaction.atomic
def remove_contacts(network: Network, contacts: Iterable[Contact], *, are_real: bool = True) -> None:
    """Delete contacts, everything in any app that depends on them, and their names in data that the member cannot edit.

    Conversations with nobody else are deleted too. The sources of the contacts are kept as hashes, so that an import
    does not bring them back. What the member wrote about them elsewhere stays; see contacts/erasing/mentions.py. If
    `are_real` is false, as for the invented people of a sample, no other data is searched for their names.
    """
    ids = ids_of(contacts)
    # Lock them before deleting anything, so that nobody adds search words to contacts that are about to go.
    network.lock_contacts(ids)
    traces = traces_of(network, ids)
    contacts_erasing.send(sender=Contact, network=network, contact_ids=ids)
    with_others = network.conversation_participations.exclude(contact__in=ids).values("conversation")
    talks = network.conversations(manager="with_trash").filter(participations__contact__in=ids)
    erase_conversations(network, talks.exclude(pk__in=with_others).distinct())
    network.contacts(manager="with_trash").filter(pk__in=ids).delete()
    if are_real:
        forget(network, traces)
    network_changed.send(sender=Network, network=network, contact_ids=ids)
    contacts_erased.send(sender=Contact, network=network, contact_ids=ids, traces=traces, are_real=are_real)
    wipe_after_commit()


def networks_with_old_trash(now: datetime) -> QuerySet[Network]:
    """Return the networks that at `now` hold anything that has been in the trash for 30 days.

    Each table is queried separately: a join would produce a row for every combination of contact, conversation and
    topic.
    """
    due = {"network": OuterRef("pk"), "deleted_at__lte": now - KEPT_IN_TRASH}
    contacts, conversations, topics = (
        Exists(model.with_trash.filter(**due)) for model in (Contact, Conversation, Topic)
    )
    return Network.objects.filter(contacts | conversations | topics)


def empty_trash(network: Network, now: datetime) -> None:
    """Erase the contacts, conversations and topics that at `now` have been in the trash for 30 days."""
    due = {"deleted_at__lte": now - KEPT_IN_TRASH}
    while contacts := network.contacts(manager="with_trash").filter(**due)[:BATCH]:
        erase_contacts(network, contacts)
    while conversations := network.conversations(manager="with_trash").filter(**due)[:BATCH]:
        erase_conversations(network, conversations)
    network.topics(manager="with_trash").filter(**due).delete()


def ids_of(contacts: Iterable[Contact]) -> list[int]:
    return [contact.pk for contact in contacts]
