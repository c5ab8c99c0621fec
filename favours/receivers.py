"""Every signal this app listens to. Each receiver calls one domain function; the app's `ready` connects them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import User
from contacts.erasing.traces import Traces
from contacts.models import Network
from contacts.signals import contacts_erased, contacts_erasing, import_undoing, network_changed
from favours.digest.sending import write_emptied_letters
from favours.digest.timing import follow_zone, settings_of
from favours.journal.participants import follow_change as follow_change_of_people
from favours.journal.participants import mark_changed as mark_summaries
from favours.journal.writing import empty_favours_among, erase_favours_among
from favours.reciprocity.summaries import end_day
from favours.sample.network import forget_round as forget_round_of
from favours.tips.tip_box import erase_used_tips_among, forget_in_used_tips
from favours.transfer.exports import drop_exports as drop_exports_of

UpdatedFields = frozenset[str] | None


@receiver(post_save, sender=Network)
def start_letters(instance: Network, created: bool, **_signal: Any) -> None:
    """Schedule the first letter of a new network for the next slot."""
    if created:
        settings_of(instance)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def move_letter_with_zone(instance: User, update_fields: UpdatedFields = None, **_signal: Any) -> None:
    """Move the letter when the member changes time zone: its hour is local time."""
    if update_fields is None or "time_zone" in update_fields:
        follow_zone(instance)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def end_day_with_zone(instance: User, update_fields: UpdatedFields = None, **_signal: Any) -> None:
    """End the day of the running summary when the member changes time zone: the day is a local one."""
    if update_fields is None or "time_zone" in update_fields:
        end_day(instance)


@receiver(contacts_erasing)
def mark_changed(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Mark the summaries as stale: their figures include people who are about to be erased."""
    mark_summaries(network, contact_ids)


@receiver(contacts_erasing)
def drop_exports(network: Network, **_signal: Any) -> None:
    """Drop the network's exports, so that an erased person does not live on in them."""
    drop_exports_of(network)


@receiver(contacts_erasing)
def empty_entries(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Empty the entries about these people and nobody else: the member's texts in them are erased with the people."""
    empty_favours_among(network, contact_ids)


@receiver(contacts_erasing)
def erase_tips(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Erase tips that were passed on to these people and nobody else."""
    erase_used_tips_among(network, contact_ids)


@receiver(contacts_erased)
def forget_in_tips(network: Network, traces: Traces, **_signal: Any) -> None:
    """Remove the erased people from tips that were passed on, which may still name them."""
    forget_in_used_tips(network, traces)


@receiver(contacts_erased)
def write_letters_anew(network: Network, traces: Traces, **_signal: Any) -> None:
    """Rewrite waiting letters that were emptied for naming these people, so that the others in them are not lost."""
    write_emptied_letters(network, traces)


@receiver(import_undoing)
def forget_round(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Drop the week's suggestions if they all leave with a sample."""
    forget_round_of(network, contact_ids)


@receiver(import_undoing)
def erase_entries(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Erase help in which only the contacts of an undone import took part."""
    erase_favours_among(network, contact_ids)


@receiver(network_changed)
def follow_change(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Update the data that depends on the people of entries."""
    follow_change_of_people(network, contact_ids)
