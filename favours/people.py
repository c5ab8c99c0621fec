"""What the journal does when the people in it change: touches, merged contacts, erased contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Min
from django.dispatch import receiver

from contacts.models import Network
from contacts.signals import contacts_erasing, network_changed
from contacts.touches import register_day_source
from favours.journal import announce_change, repair_copies, repair_shares


@register_day_source
def latest_help(network: Network, contact_ids: Collection[int]) -> Mapping[int, date]:
    """The latest day of help of either direction for those of the contacts who took part in any."""
    rows = network.participations.filter(contact__in=contact_ids, counts=True)
    return dict(rows.values_list("contact").annotate(latest=Max("day")))


@receiver(contacts_erasing)
def mark_before_erasing(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Make the summaries stale from the first day of help with people who are about to go."""
    _mark_changed(network, contact_ids)


@receiver(network_changed)
def follow_change(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Repair what rests on the people of an entry, and make the summaries stale."""
    repair_copies(network, contact_ids)
    # Of those who are gone nobody knows any more in which entries they took part.
    are_here = network.contacts(manager="with_trash").filter(pk__in=contact_ids).exists()
    repair_shares(network, contact_ids if are_here else None)
    _mark_changed(network, contact_ids)


def _mark_changed(network: Network, contact_ids: Collection[int]) -> None:
    participations = network.participations.filter(contact__in=contact_ids)
    earliest = participations.aggregate(earliest=Min("day"))["earliest"]
    if earliest is not None:
        announce_change(network, earliest)
