"""Undoing the changes of an import, except where the member has edited or used the contacts since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.erasing.contacts import remove_contacts
from contacts.importing.known_people import load_people
from contacts.importing.writing import contents_fingerprint
from contacts.models import Contact, ImportChange, ImportRow, ImportRun, Leased, Network, Owned
from contacts.people.names import sortable_name
from contacts.people.person import BIRTHDAY
from contacts.people.search import index_contacts
from contacts.signals import import_undoing

CHANGES_AT_ONCE = 150
"""Changes undone in the largest transaction, which takes a fifth of a second on an idle machine."""


def undo_some(network: Network, run: ImportRun, most: int = CHANGES_AT_ONCE) -> bool:
    """Undoes the next changes of a run, at most `most`, in the caller's transaction; returns True if none is left.

    A contact that the run created is removed, unless it was edited or used since the run ended: then it stays and is
    listed. A merged contact loses the values that the run added, except those that have changed since. Afterwards, the
    same entries can be imported again. A sample is removed as a whole.
    """
    changes = list(network.import_changes.filter(run=run).select_related("contact").order_by("pk")[:most])
    if not changes:
        ended = run.finished_at or timezone.now()
        network.circles.filter(memberships=None, created_at__gte=run.created_at, created_at__lte=ended).delete()
        return True
    created = [change for change in changes if change.created]
    kept = set() if run.is_sample else _built_on(network, run, created)
    for change in changes:
        if not change.created:
            _take_back(network, change)
    leaving = [change.contact for change in created if change.contact_id not in kept]
    merged = [change.contact for change in changes if not change.created]
    network.import_sources.filter(Q(contact__in=leaving) | Q(run=run, contact__in=merged)).delete()
    run.report = run.report | {"kept": run.report.get("kept", 0) + len(kept)}
    network.import_rows.bulk_create(
        _listed(network, run, change.contact) for change in created if change.contact_id in kept
    )
    network.import_changes.filter(pk__in=[change.pk for change in changes]).delete()
    import_undoing.send(sender=ImportRun, network=network, contact_ids=[contact.pk for contact in leaving])
    remove_contacts(network, leaving, are_real=not run.is_sample)
    index_contacts(network, merged)
    return False


def _built_on(network: Network, run: ImportRun, created: Iterable[ImportChange]) -> set[int]:
    """Returns the created contacts that were edited, or used in anything, after the run."""
    fingerprints = {change.contact_id: change.after.get("fingerprint") for change in created}
    people = load_people(network, fingerprints)
    edited = {pk for pk, person in people.items() if contents_fingerprint(person) != fingerprints[pk]}
    return edited | _used(network, run, set(fingerprints))


def _used(network: Network, run: ImportRun, contact_ids: set[int]) -> set[int]:
    """Returns the contacts that are referred to by rows of any app created after the run ended.

    The preview of another file and an export do not count as use.
    """
    used: set[int] = set()
    later = Q(created_at__gt=run.finished_at or timezone.now())
    for relation in Contact._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        is_link = relation.field.many_to_one or relation.field.one_to_one
        is_record = issubclass(model, Owned) and not issubclass(model, ImportRow | Leased)
        if is_link and is_record and any(field.name == "created_at" for field in model._meta.fields):
            rows = model._base_manager.filter(later, **{"network": network, f"{name}__in": contact_ids})
            used |= set(rows.values_list(name, flat=True))
    return used


def _take_back(network: Network, change: ImportChange) -> None:
    """Removes from a merged contact the values that the run added, unless they have changed since."""
    contact, after = change.contact, change.after
    for name, value in after.get("fields", {}).items():
        current: Any = getattr(contact, name)
        if (current if isinstance(current, str | int | bool) else str(current)) == value:
            setattr(contact, name, change.before.get(name))
    if not (contact.birth_month and contact.birth_day):
        contact.birth_year = contact.birth_month = contact.birth_day = None
    contact.extra_properties = [line for line in contact.extra_properties if line not in after.get("extra", [])]
    contact.sort_name = sortable_name(
        given_name=contact.given_name, family_name=contact.family_name, display_name=contact.display_name
    )[:400]
    contact.save(update_fields=[*after.get("fields", {}), *BIRTHDAY, "extra_properties", "sort_name"])
    network.ways_to_reach.filter(contact=contact, uuid__in=after.get("ways", [])).delete()
    network.circle_memberships.filter(contact=contact, uuid__in=after.get("circles", [])).delete()
    network.topics.filter(contact=contact, uuid__in=after.get("topics", [])).delete()
    network.relations.filter(contact=contact, uuid__in=after.get("related", [])).delete()
    network.photos.filter(contact=contact, uuid__in=after.get("photos", [])).delete()


def _listed(network: Network, run: ImportRun, contact: Contact) -> ImportRow:
    return ImportRow(
        network=network,
        run=run,
        row=0,
        outcome=ImportRow.Outcome.KEPT,
        name=contact.display_name,
        contact=contact,
        reason=_("It has been edited or used since the import."),
    )
