"""Moving the rows of all apps that refer to a contact, found through the model registry, to the survivor of a merge."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import ForeignKey, Max, Model, OuterRef, Q, Subquery, UniqueConstraint

from contacts.files.labels import SEPARATOR, joined
from contacts.merging.snapshot import Change, Snapshot, remove, row_of
from contacts.models import Contact, DuplicatePair, ImportChange, Network, Reminder, SearchWord, WayToReach

Reference = ForeignKey[Any, Any]

DERIVED = (SearchWord,)
"""Models whose rows can be recomputed from the contact at any time."""

LEFT_BEHIND = (ImportChange,)
"""Models whose rows do not move: undoing the import must not take away what the survivor already had."""

SAME_ONCE: dict[type[Model], UniqueConstraint] = {
    WayToReach: UniqueConstraint(
        fields=["contact", "kind", "normalised"], condition=~Q(normalised=""), name="way_of_contact_once"
    ),
    Reminder: UniqueConstraint(
        fields=["contact", "kind"],
        condition=Q(kind=Reminder.Kind.RHYTHM, ended_at=None),
        name="rhythm_of_contact_once",
    ),
}
"""Duplicates that the database allows but nobody wants: an address in two spellings, two keep-in-touch reminders."""

LAST_POSITION = 32767


@cache
def references() -> tuple[Reference, ...]:
    """Return every foreign key of any model that refers to a contact, except those of DERIVED models."""
    relations = Contact._meta.get_fields(include_hidden=True)
    keys = (relation.field for relation in relations if relation.auto_created and hasattr(relation, "field"))
    return tuple(key for key in keys if isinstance(key, ForeignKey) and key.model not in DERIVED)


def move_history(network: Network, survivor: Contact, other: Contact, snapshot: Snapshot) -> None:
    """Make everything that refers to `other` refer to `survivor`, and record it in the snapshot.

    Rows that would duplicate one of the survivor's are removed instead, as are rows that refer to both.
    """
    _carry_decisions(network, survivor, other, snapshot)
    _append_ways(network, survivor, other, snapshot)
    _join_labels(network, survivor, other, snapshot)
    for reference in references():
        if _rows(network, reference, other).exists():
            _remove_doubles(network, reference, survivor, other, snapshot)
            _move(network, reference, survivor, other, snapshot)


def unique_constraints(reference: Reference) -> Iterator[UniqueConstraint]:
    """Yield the constraints that allow a contact only once per set of other columns, all including the reference."""
    model = reference.model
    if reference.unique:
        yield UniqueConstraint(fields=[reference.name], name=f"{reference.name}_once")
    also = [SAME_ONCE[model]] if model in SAME_ONCE else []
    for constraint in (*model._meta.constraints, *also):
        if isinstance(constraint, UniqueConstraint) and reference.name in constraint.fields:
            yield constraint


def _rows(network: Network, reference: Reference, contact: Contact) -> Any:
    return reference.model._base_manager.filter(network=network, **{reference.name: contact})


def _remove_doubles(
    network: Network, reference: Reference, survivor: Contact, other: Contact, snapshot: Snapshot
) -> None:
    rows = _rows(network, reference, other)
    if reference.model in LEFT_BEHIND:
        remove(network, rows, snapshot)
    for also in references():
        if also.model is reference.model and also is not reference:
            remove(network, rows.filter(**{also.name: survivor}), snapshot)
    for constraint in unique_constraints(reference):
        condition = constraint.condition or Q()
        same = {name: OuterRef(name) for name in constraint.fields if name != reference.name}
        twin = _rows(network, reference, survivor).filter(condition, **same).values("pk")[:1]
        doubles = list(rows.filter(condition).annotate(twin=Subquery(twin)).filter(twin__isnull=False))
        # Rows such as pictures have no other columns: two of them conflict, but are not equivalent.
        is_same = same.keys() - {"network"}
        remove(network, doubles, snapshot, twins={row.pk: row.twin for row in doubles} if is_same else {})


def _move(network: Network, reference: Reference, survivor: Contact, other: Contact, snapshot: Snapshot) -> None:
    rows = _rows(network, reference, other)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if keys:
        rows.update(**{reference.name: survivor})
        label = reference.model._meta.label_lower
        snapshot.changes.append(Change(label, reference.attname, keys, other.pk, survivor.pk))


def _append_ways(network: Network, survivor: Contact, other: Contact, snapshot: Snapshot) -> None:
    """Put the ways of `other` after those of the survivor, whose first address stays first."""
    ways = network.ways_to_reach
    last = ways.filter(contact=survivor).aggregate(last=Max("position"))["last"]
    if last is None:
        return
    for way in ways.filter(contact=other):
        position = min(last + 1 + way.position, LAST_POSITION)
        snapshot.changes.append(Change(way._meta.label_lower, "position", [way.pk], way.position, position))
        ways.filter(pk=way.pk).update(position=position)


def _join_labels(network: Network, survivor: Contact, other: Contact, snapshot: Snapshot) -> None:
    """Add to the survivor's ways the labels that the same ways of `other` have in addition."""
    kept = {(way.kind, way.normalised): way for way in network.ways_to_reach.filter(contact=survivor)}
    for leaving in network.ways_to_reach.filter(contact=other).exclude(label=""):
        way = kept.get((leaving.kind, leaving.normalised))
        if way is None or leaving.label.casefold() in way.label.casefold().split(SEPARATOR):
            continue
        label = joined(way.label, leaving.label)
        if label != way.label:
            snapshot.changes.append(Change(way._meta.label_lower, "label", [way.pk], way.label, label))
            network.ways_to_reach.filter(pk=way.pk).update(label=label)


def _carry_decisions(network: Network, survivor: Contact, other: Contact, snapshot: Snapshot) -> None:
    """Carry over pairs of `other` with third contacts, and the decisions on them; "two people" outweighs any other.

    Pairs are stored with the lower key first, so pairs of `other` are replaced rather than moved.
    """
    pairs = network.duplicate_pairs
    concerned = pairs.filter(Q(first__in=[survivor, other]) | Q(second__in=[survivor, other]))
    by_people = {(pair.first_id, pair.second_id): pair for pair in concerned}
    leaving = [pair for people, pair in by_people.items() if other.pk in people]
    fresh = []
    for pair in leaving:
        third = pair.second_id if pair.first_id == other.pk else pair.first_id
        first, second = sorted((survivor.pk, third))
        known = by_people.get((first, second))
        if third == survivor.pk:
            continue
        if known is None:
            fresh.append(_copy(network, pair, first, second))
        elif pair.state == DuplicatePair.State.DISTINCT and known.state != pair.state:
            remove(network, [known], snapshot)
            fresh.append(_copy(network, pair, first, second))
    remove(network, leaving, snapshot)
    pairs.bulk_create(fresh)
    snapshot.added += [row_of(pair) for pair in pairs.filter(uuid__in=[pair.uuid for pair in fresh])]


def _copy(network: Network, pair: DuplicatePair, first: int, second: int) -> DuplicatePair:
    return DuplicatePair(
        network=network,
        first_id=first,
        second_id=second,
        score=pair.score,
        is_certain=pair.is_certain,
        evidence=pair.evidence,
        state=pair.state,
        later_until=pair.later_until,
    )
