"""Merging two contacts, and undoing merges."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.duplicates.contradictions import contradiction
from contacts.merging.fields import GROUPS, Choices, merged_fields, takes_other_picture
from contacts.merging.history import move_history
from contacts.merging.snapshot import (
    Snapshot,
    bring_back_removed,
    remove,
    restored,
    take_back_added,
    take_back_changes,
    values_of,
)
from contacts.models import Contact, DuplicatePair, Merge, Network
from contacts.people.contact_days import refresh_last_contact
from contacts.people.names import sortable_name
from contacts.people.search import index_contacts
from contacts.signals import network_changed


class NotLastMergeError(Exception):
    """The survivor was merged with somebody else later, and that merge has to be undone first."""

    def __init__(self, later: Merge) -> None:
        super().__init__(later)
        self.later = later

    @property
    def advice(self) -> str:
        """A text that tells the member what to do about it."""
        text = _("%(name)s was put together with the same person later on. Undo that first.")
        return text % {"name": self.later.merged_name}


@transaction.atomic
def merge(network: Network, survivor: Contact, other: Contact, choices: Choices | None = None) -> Merge:
    """Merge `other` and all its history into `survivor`. Return the merge, by which it can be undone.

    `choices` says whose value each group of fields gets; see contacts/merging/fields.py. Raises ValidationError if the
    two are not different contacts that are present in the network, or if the result is not a valid contact.
    """
    merged = _merge(network, survivor, other, choices or {}, batch=uuid.uuid4())
    _announce(network, [merged.survivor])
    return merged


@transaction.atomic
def merge_all(network: Network, pairs: Iterable[tuple[Contact, Contact]]) -> list[Merge]:
    """Merge several pairs of (survivor, other) as one batch, with the proposed value for each field.

    Nothing is dropped: other values go into the notes. A contact that was merged earlier in the list is replaced by its
    survivor. Pairs that need the member's choice are skipped: those with two pictures, and those that only result from
    an earlier merge although they contradict each other or the member called them two people.
    """
    batch = uuid.uuid4()
    gone: dict[int, Contact] = {}
    merges = []
    for pair in pairs:
        survivor, other = (_present(contact, gone) for contact in pair)
        try:
            with transaction.atomic():
                _check_needs_no_choice(network, survivor, other, is_given=(survivor, other) == pair)
                merges.append(_merge(network, survivor, other, {}, batch=batch, appends_rest=True))
        except ValidationError:
            continue
        gone[other.pk] = survivor
    _announce(network, [merge.survivor for merge in merges])
    return merges


@transaction.atomic
def undo(network: Network, merge: Merge) -> Contact:
    """Undo a merge. Return the restored contact.

    Everything returns to its place, except what the member has changed since: a field is restored only if it still
    holds the merge's result, and whatever was logged since stays with the survivor. Raises NotLastMergeError, and
    Merge.DoesNotExist if it has been undone already.
    """
    survivor, other = _undo(network, merge.pk)
    _announce(network, [survivor, other])
    return other


@transaction.atomic
def undo_batch(network: Network, batch: uuid.UUID) -> list[Contact]:
    """Undo all merges of a batch, the last first. Return the restored contacts; none if it has been undone already.

    Raises NotLastMergeError.
    """
    # Locked, so that only one of several concurrent requests undoes them, and the others find nothing left to do.
    waiting = network.merges.filter(batch=batch).order_by("-pk").select_for_update()
    keys = list(waiting.values_list("pk", flat=True))
    parted = [_undo(network, key) for key in keys]
    _announce(network, [contact for both in parted for contact in both])
    return [other for _survivor, other in parted]


def _undo(network: Network, key: int) -> tuple[Contact, Contact]:
    """Undo the merge with this primary key. Return the survivor and the restored contact."""
    # Read it again: the survivor may have been merged into somebody else and restored since.
    merge = network.merges.select_for_update().get(pk=key)
    survivor = network.contacts(manager="with_trash").select_for_update().get(pk=merge.survivor_id)
    later = network.merges.filter(survivor=survivor, pk__gt=key).select_related("survivor").first()
    if later is not None:
        raise NotLastMergeError(later)
    snapshot = Snapshot.from_json(merge.snapshot)
    take_back_added(network, snapshot.added)
    changes = snapshot.changes[::-1]
    # The first pass makes room for the rows that return; the second reaches rows that were changed, then removed.
    take_back_changes(network, changes)
    bring_back_removed(network, snapshot.removed)
    take_back_changes(network, changes)
    _take_back_fields(survivor, snapshot)
    merge.delete()
    return survivor, network.contacts(manager="with_trash").get(uuid=merge.merged_uuid)


def _check_needs_no_choice(network: Network, survivor: Contact, other: Contact, *, is_given: bool) -> None:
    """Raise ValidationError if the member has to decide about merging these two.

    `is_given` means that the caller passed this very pair.
    """
    pictures = set(map(bytes, network.photos.filter(contact__in=(survivor, other)).values_list("content", flat=True)))
    needs_choice = len(pictures) > 1
    if not is_given and not needs_choice:
        first, second = sorted((survivor.pk, other.pk))
        pairs = network.duplicate_pairs.filter(first=first, second=second, state=DuplicatePair.State.DISTINCT)
        kept = network.contacts.filter(pk=survivor.pk).first() or survivor
        needs_choice = bool(contradiction(vars(kept), vars(other))) or pairs.exists()
    if needs_choice:
        raise ValidationError(_("Compare these two to decide what stays."))


def _merge(
    network: Network,
    survivor: Contact,
    other: Contact,
    choices: Choices,
    *,
    batch: uuid.UUID,
    appends_rest: bool = False,
) -> Merge:
    survivor, other = _locked(network, survivor, other)
    snapshot = Snapshot()
    if takes_other_picture(choices) and network.photos.filter(contact=other).exists():
        remove(network, network.photos.filter(contact=survivor), snapshot)
    move_history(network, survivor, other, snapshot)
    other.search_words.all().delete()
    fields = merged_fields(survivor, other, choices, appends_rest=appends_rest)
    remove(network, [other], snapshot)
    _set_fields(survivor, fields, snapshot)
    merge = Merge(
        network=network,
        survivor=survivor,
        merged_uuid=other.uuid,
        merged_name=other.display_name,
        batch=batch,
        snapshot=snapshot.as_json(),
    )
    merge.save()
    return merge


def _locked(network: Network, survivor: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Return both contacts, freshly read and locked, so that nothing can be logged with either meanwhile.

    Raises ValidationError unless they are two present contacts.
    """
    wanted = {survivor.pk, other.pk}
    contacts = {row.pk: row for row in network.contacts.filter(pk__in=wanted).order_by("pk").select_for_update()}
    if len(contacts) != 2:
        raise ValidationError(_("Only two different contacts that are both here can be put together."))
    return contacts[survivor.pk], contacts[other.pk]


def _set_fields(survivor: Contact, fields: Mapping[str, Any], snapshot: Snapshot) -> None:
    changed = [name for name, value in fields.items() if getattr(survivor, name) != value]
    snapshot.before = values_of(survivor, changed)
    for name in changed:
        setattr(survivor, name, fields[name])
    snapshot.after = values_of(survivor, changed)
    survivor.full_clean(exclude=["network"], validate_unique=False)
    survivor.save(update_fields=changed)


def _take_back_fields(survivor: Contact, snapshot: Snapshot) -> None:
    current = values_of(survivor, snapshot.after)
    kept = {name for name, value in snapshot.after.items() if current[name] != value}
    birthday = set(GROUPS["birthday"][1])
    if kept & birthday:
        # Combining the day and month of different birthdays would yield neither.
        kept |= birthday
    back = {name: value for name, value in snapshot.before.items() if name not in kept}
    for name, value in restored(Contact, back).items():
        setattr(survivor, name, value)
    survivor.sort_name = sortable_name(
        given_name=survivor.given_name, family_name=survivor.family_name, display_name=survivor.display_name
    )[: Contact._meta.get_field("sort_name").max_length]
    survivor.save(update_fields=[*back, "sort_name"])


def _present(contact: Contact, gone: Mapping[int, Contact]) -> Contact:
    while contact.pk in gone:
        contact = gone[contact.pk]
    return contact


def _announce(network: Network, contacts: list[Contact]) -> None:
    """Update the data of all apps that depends on these contacts."""
    ids = {contact.pk for contact in contacts}
    if not ids:
        return
    index_contacts(network, network.contacts(manager="with_trash").filter(pk__in=ids))
    network_changed.send(sender=Network, network=network, contact_ids=sorted(ids))
    refresh_last_contact(network, ids)
