"""Writing the decisions about a batch of cards, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from contacts.database.bulk import insert, insert_values
from contacts.duplicates import Evidence, Proposal, propose
from contacts.duplicates.records import SAME_ORIGIN
from contacts.importing.identifiers import Identifiers
from contacts.importing.known_people import load_people, person_of
from contacts.importing.plan import Decision, Source
from contacts.models import (
    CircleMembership,
    Contact,
    ImportChange,
    ImportRow,
    ImportRun,
    ImportSource,
    Network,
    Topic,
    WayToReach,
)
from contacts.people.circles import circles_by_name
from contacts.people.directory import add_contacts
from contacts.people.names import sortable_name
from contacts.people.person import BIRTHDAY, Changes, Person
from contacts.people.photos import add_photos
from contacts.people.relations import add_from_cards
from contacts.people.search import index_contacts
from contacts.people.ways import new_ways, region_of
from contacts.text import cleaned_fields

LIKELY, EVEN = 0.5, 1.0
"""Probability of a proposed pair with evidence and a contradiction, and the weight of each of these in bits."""

Merges = dict[int, Changes]
"""The changes of contacts that were in the network before the batch, by primary key."""


def write(network: Network, run: ImportRun, decisions: Collection[Decision]) -> None:
    """Adds and merges contacts as decided, and records their sources and the data that an undo needs."""
    added = [d.person for d in decisions if d.outcome == ImportRow.Outcome.CREATED and d.person is not None]
    _add(network, added)
    merges: Merges = {}
    new_ids = {person.contact_id for person in added}
    for decision in decisions:
        person = decision.person
        if decision.changes and person is not None and person.contact_id and person.contact_id not in new_ids:
            merges.setdefault(person.contact_id, Changes()).add(decision.changes)
    changes = _merge(network, merges)
    propose(network, _proposals(decisions))
    _write_sources(network, run, (decision.source for decision in decisions if decision.source))
    _write_changes(network, run, added, changes)


def _proposals(decisions: Iterable[Decision]) -> Iterator[Proposal]:
    """Yields a proposal for each pair with hard evidence and a contradiction."""
    for decision in decisions:
        for doubted, kind in decision.doubts:
            ids = [person.contact_id for person in (decision.person, doubted) if person and person.contact_id]
            if len(ids) == 2:
                evidence = (Evidence(SAME_ORIGIN, EVEN), Evidence(kind, -EVEN))
                yield Proposal(min(ids), max(ids), LIKELY, evidence=evidence)


def contents_fingerprint(person: Person) -> str:
    """Returns a hash of everything that an import stores for a contact, to find out later whether it was edited.

    A change of `would_call` is not an edit: the member is asked about it right after the import.
    """
    fields = {name: value for name, value in person.fields.items() if name != "would_call"}
    return Person(fields, person.ways, person.circles, person.topics, extra=person.extra).content_hash()


def _add(network: Network, people: list[Person]) -> None:
    own = [str(person.history["uuid"]) for person in people if "uuid" in person.history]
    identifiers = Identifiers(network, Contact, own)
    for person in people:
        if "uuid" in person.history:
            person.history["uuid"] = identifiers[str(person.history["uuid"])]
    contacts = add_contacts(network, people)
    for person, contact in zip(people, contacts, strict=True):
        # Use the stored values, because the directory cleans texts and completes names.
        stored = person_of(contact)
        person.contact_id, person.fields, person.extra = contact.pk, stored.fields, stored.extra


def _new_topics(network: Network, contact: Contact, changes: Changes) -> list[Topic]:
    today = network.today()
    return [
        Topic(network=network, contact=contact, kind=kind, text=text, noted_on=today)
        for (kind, _folded), text in changes.topics.items()
    ]


def _merge(network: Network, merges: Merges) -> dict[int, dict[str, Any]]:
    """Writes merges and returns, for each contact, `before` and `after` in the form that ImportChange stores."""
    if not merges:
        return {}
    contacts = list(network.contacts(manager="with_trash").filter(pk__in=merges))
    region = region_of(network.owner)
    circles = circles_by_name(network, {name for changes in merges.values() for name in changes.circles.values()})
    ways: list[WayToReach] = []
    topics: list[Topic] = []
    memberships: list[CircleMembership] = []
    kept: dict[int, dict[str, Any]] = {}
    for contact in contacts:
        changes = merges[contact.pk]
        for name, value in cleaned_fields(changes.after, multiline=("notes",)).items():
            setattr(contact, name, value)
        contact.sort_name = sortable_name(
            given_name=contact.given_name, family_name=contact.family_name, display_name=contact.display_name
        )[:400]
        contact.extra_properties = [*contact.extra_properties, *changes.extra]
        new = new_ways(contact, changes.ways.values(), region=region)
        for way in new:
            way.position = min(way.position + 1000, 32767)  # Behind those that were there before.
        joined = [
            CircleMembership(network=network, contact=contact, circle=circles[name])
            for name in changes.circles.values()
        ]
        noted = _new_topics(network, contact, changes)
        ways, topics, memberships = ways + new, topics + noted, memberships + joined
        kept[contact.pk] = _as_json(contact, changes) | {
            "ways": [str(row.uuid) for row in new],
            "circles": [str(row.uuid) for row in joined],
            "topics": [str(row.uuid) for row in noted],
            "related": [],
            "photos": [],
        }
    fields = {name for changes in merges.values() for name in changes.after} | {"sort_name", "extra_properties"}
    Contact.with_trash.bulk_update(contacts, sorted(fields), batch_size=100)
    insert(ways)
    insert(memberships)
    insert(topics)
    for relation in add_from_cards(network, {pk: changes.related.values() for pk, changes in merges.items()}):
        kept[relation.contact_id]["related"].append(str(relation.uuid))
    portraits = {pk: changes.portrait.content for pk, changes in merges.items() if changes.portrait}
    for photo in add_photos(network, portraits):
        kept[photo.contact_id]["photos"].append(str(photo.uuid))
    index_contacts(network, contacts)
    return kept


def _as_json(contact: Contact, changes: Changes) -> dict[str, Any]:
    """Returns the fields before and after, as stored; days as texts."""
    after = {name: _plain(getattr(contact, name)) for name in changes.after}
    before = {name: _plain(value) if value else _empty(name) for name, value in changes.before.items()}
    return {"before": before, "after": after, "extra": changes.extra}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


def _empty(name: str) -> Any:
    """Returns the empty value of a contact's field."""
    if name in BIRTHDAY or name.endswith("_on"):
        return None
    return False if name in ("has_died", "would_call") else ""


def _write_sources(network: Network, run: ImportRun, sources: Iterable[Source]) -> None:
    changed = {source.key: source for source in sources if source.is_changed and source.person is not None}
    fresh, known = [], []
    for source in changed.values():
        values = sorted(source.known_values)
        if source.stored is not None:
            source.stored.known_values = values
            known.append(source.stored)
        elif source.person is not None:
            fresh.append((network.pk, run.pk, run.format, source.key, source.person.contact_id, values))
    insert_values(ImportSource, ("network_id", "run_id", "format", "key", "contact_id", "known_values"), fresh)
    ImportSource.objects.bulk_update(known, ["known_values"], batch_size=100)


def _write_changes(network: Network, run: ImportRun, added: list[Person], merged: dict[int, dict[str, Any]]) -> None:
    """Records the data that an undo needs. A contact that the same run has changed before keeps a single record."""
    earlier = {change.contact_id: change for change in run.changes.filter(network=network, contact__in=merged)}
    touched_again = [contact_id for contact_id, change in earlier.items() if change.created]
    created = {person.contact_id: person for person in added if person.contact_id}
    created |= load_people(network, touched_again)
    fingerprints = {pk: contents_fingerprint(person) for pk, person in created.items()}
    fresh: list[tuple[Any, ...]] = [
        (network.pk, run.pk, pk, True, {}, {"fingerprint": fingerprint})
        for pk, fingerprint in fingerprints.items()
        if pk not in earlier
    ]
    for contact_id, kept in merged.items():
        before, after = kept.pop("before"), {"fields": kept.pop("after"), **kept}
        change = earlier.get(contact_id)
        if change is None:
            fresh.append((network.pk, run.pk, contact_id, False, before, after))
        elif change.created:
            change.after = {"fingerprint": fingerprints[contact_id]}
        else:
            change.before = before | change.before
            change.after = _joined(change.after, after)
    insert_values(ImportChange, ("network_id", "run_id", "contact_id", "created", "before", "after"), fresh)
    ImportChange.objects.bulk_update(earlier.values(), ["before", "after"], batch_size=100)


def _joined(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    return {
        name: earlier[name] | later[name] if isinstance(later[name], dict) else earlier[name] + later[name]
        for name in later
    }
