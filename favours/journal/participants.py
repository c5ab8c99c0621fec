"""Keeping the journal correct when its people change: contact days, merged contacts, erased contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Max, Min

from contacts.models import Network
from contacts.people.contact_days import register_day_source
from favours.journal.writing import announce_change, repair_copies, repair_shares


@register_day_source
def latest_help(network: Network, contact_ids: Collection[int]) -> Mapping[int, date]:
    """Return the latest day of help, given or received, of each of the contacts who took part in any."""
    rows = network.participations.filter(contact__in=contact_ids, is_active=True)
    return dict(rows.values_list("contact").annotate(latest=Max("day")))


def follow_change(network: Network, contact_ids: Collection[int]) -> None:
    """Repair the data that depends on who took part in entries, and mark the summaries as stale."""
    repair_copies(network, contact_ids)
    # Once contacts are gone, it is unknown which entries they took part in, so the shares of all entries are checked.
    are_here = network.contacts(manager="with_trash").filter(pk__in=contact_ids).exists()
    repair_shares(network, contact_ids if are_here else None)
    mark_changed(network, contact_ids)


def mark_changed(network: Network, contact_ids: Collection[int]) -> None:
    """Mark the summaries as stale from the first day of help with these contacts."""
    participations = network.participations.filter(contact__in=contact_ids)
    earliest = participations.aggregate(earliest=Min("day"))["earliest"]
    if earliest is not None:
        announce_change(network, earliest)
