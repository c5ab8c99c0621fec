"""All signals that this app hears. Each receiver calls one domain function; the app's `ready` connects them."""

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
    """A new network gets its first letter at the next slot to come."""
    if created:
        settings_of(instance)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def move_letter_with_zone(instance: User, update_fields: UpdatedFields = None, **_signal: Any) -> None:
    """The hour of the letter is one on the member's clocks."""
    if update_fields is None or "time_zone" in update_fields:
        follow_zone(instance)


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def end_day_with_zone(instance: User, update_fields: UpdatedFields = None, **_signal: Any) -> None:
    """The day of the running summary is the member's."""
    if update_fields is None or "time_zone" in update_fields:
        end_day(instance)


@receiver(contacts_erasing)
def mark_changed(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """The figures rest on people who are about to go."""
    mark_summaries(network, contact_ids)


@receiver(contacts_erasing)
def drop_exports(network: Network, **_signal: Any) -> None:
    """Who is erased must not live on in exports."""
    drop_exports_of(network)


@receiver(contacts_erasing)
def empty_entries(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """What the member wrote about people and nobody else goes with them."""
    empty_favours_among(network, contact_ids)


@receiver(contacts_erasing)
def erase_tips(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """A tip that was passed on to people and nobody else goes with them."""
    erase_used_tips_among(network, contact_ids)


@receiver(contacts_erased)
def forget_in_tips(network: Network, traces: Traces, **_signal: Any) -> None:
    """Tips that were passed on may still name them."""
    forget_in_used_tips(network, traces)


@receiver(contacts_erased)
def write_letters_anew(network: Network, traces: Traces, **_signal: Any) -> None:
    """A letter that waits was emptied if it named them; the others in it are to get their tips."""
    write_emptied_letters(network, traces)


@receiver(import_undoing)
def forget_round(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """The week's suggestions may leave with a sample."""
    forget_round_of(network, contact_ids)


@receiver(import_undoing)
def erase_entries(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """Help leaves with the contacts of an undone import if nobody else took part in it."""
    erase_favours_among(network, contact_ids)


@receiver(network_changed)
def follow_change(network: Network, contact_ids: Collection[int], **_signal: Any) -> None:
    """What rests on the people of an entry follows them."""
    follow_change_of_people(network, contact_ids)
