"""The day of the last contact with somebody: help in either direction, or a conversation.

It orders people in pickers and shows when it may be time to get in touch again; it does not show who helped whom. Apps
in higher layers register further sources of such days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeAlias

from django.db.models import Max, Q

from contacts.models import Contact, Network

DaySource: TypeAlias = Callable[[Network, Collection[int]], Mapping[int, date]]
"""A function that returns the latest day of contact for each of the given contacts (primary keys) that has one."""

_day_sources: list[DaySource] = []


def register_day_source(source: DaySource) -> DaySource:
    """Register a source of days for `refresh_last_contact`; usable as a decorator.

    Called once per source, at startup.
    """
    if source not in _day_sources:
        _day_sources.append(source)
    return source


def raise_last_contact(network: Network, contact_ids: Collection[int], day: date) -> None:
    """Record contact on `day`; contacts with a later `last_contact_on` keep it."""
    earlier = Q(last_contact_on=None) | Q(last_contact_on__lt=day)
    network.contacts(manager="with_trash").filter(earlier, pk__in=contact_ids).update(last_contact_on=day)


def refresh_last_contact(network: Network, contact_ids: Collection[int]) -> None:
    """Recompute `last_contact_on` from all sources, for example after a deletion or a corrected day."""
    latest: dict[int, date] = {}
    for source in _day_sources:
        for contact_id, day in source(network, contact_ids).items():
            latest[contact_id] = max(day, latest.get(contact_id, day))
    contacts = network.contacts(manager="with_trash").filter(pk__in=contact_ids).only("network", "last_contact_on")
    changed = [contact for contact in contacts if contact.last_contact_on != latest.get(contact.pk)]
    for contact in changed:
        contact.last_contact_on = latest.get(contact.pk)
    Contact.with_trash.bulk_update(changed, ["last_contact_on"], batch_size=500)


@register_day_source
def _latest_conversations(network: Network, contact_ids: Collection[int]) -> Mapping[int, date]:
    rows = (
        network.conversation_participations.filter(contact__in=contact_ids, conversation__deleted_at=None)
        .values_list("contact")
        .annotate(latest=Max("conversation__day"))
    )
    return dict(rows)
