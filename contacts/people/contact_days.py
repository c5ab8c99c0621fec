"""The day of the latest touch with a contact: help of either direction, or a conversation.

It orders people in pickers and says when the thread could be picked up again; it never says who helped whom. Apps above
register where else a touch may come from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeAlias

from django.db.models import Max, Q

from contacts.models import Contact, Network

DaySource: TypeAlias = Callable[[Network, Collection[int]], Mapping[int, date]]
"""Answers, for contacts given by primary key, the day of the latest touch of those that have one."""

_day_sources: list[DaySource] = []


def register_day_source(source: DaySource) -> DaySource:
    """Let `source` take part in `refresh_last_contact`; usable as a decorator. Called once, when the app gets ready."""
    if source not in _day_sources:
        _day_sources.append(source)
    return source


def raise_last_contact(network: Network, contact_ids: Collection[int], day: date) -> None:
    """Record a touch on `day`; contacts with a later one keep it."""
    earlier = Q(last_contact_on=None) | Q(last_contact_on__lt=day)
    network.contacts(manager="with_trash").filter(earlier, pk__in=contact_ids).update(last_contact_on=day)


def refresh_last_contact(network: Network, contact_ids: Collection[int]) -> None:
    """Recompute the latest touch of these contacts from all sources, as after a deletion or a corrected day."""
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
