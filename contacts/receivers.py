"""Receivers of all signals that this app listens to. Each calls one domain function; `ready` connects them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.jobs import hint
from contacts.erasing.erasures import Kind, remember_erased
from contacts.importing.runs import give_up_uploads
from contacts.matching.vectors import forget_rows
from contacts.models import Contact, Network, Topic
from contacts.signals import contacts_erased, contacts_erasing


@receiver(pre_delete, sender=Network)
def remember_network(instance: Network, **_signal: Any) -> None:
    """Remember that a member erased their account, so that no restored backup brings it back."""
    remember_erased(Kind.NETWORK, [instance.uuid])


@receiver(pre_delete, sender=Network)
def hold_contacts(instance: Network, **_signal: Any) -> None:
    """Lock the network's contacts, so that no search words are added to contacts about to be deleted with it."""
    instance.lock_contacts()


@receiver(contacts_erased)
def give_up_waiting_uploads(network: Network, are_real: bool, **_signal: Any) -> None:
    """Drop all uploads that wait for the member: files of arbitrary programs cannot be searched reliably."""
    if are_real:
        give_up_uploads(network, _("Somebody was erased for good who may be in this file. Upload it again."))


@receiver(contacts_erasing)
def forget_what_their_texts_mean(network: Network, contact_ids: list[int], **_signal: Any) -> None:
    """Delete the rows computed from the texts of contacts that are about to be erased."""
    forget_rows(network, contact_ids)


@receiver(post_save, sender=Contact)
@receiver(post_save, sender=Topic)
def ask_for_meaning(instance: Contact | Topic, **_signal: Any) -> None:
    """Ask a worker to compute the meaning of a new text. Texts written in bulk wait for the sweep."""
    if settings.MEANING:
        hint("contacts.compute_meaning", network_id=instance.network_id)
