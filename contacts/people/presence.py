"""Locking people while something is logged with them, so that nobody can erase or merge them meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Contact, Network


def present_contacts(network: Network, contacts: Iterable[Contact]) -> list[Contact]:
    """Lock contacts until the current transaction ends, so that something can be logged with them.

    A contact that was merged into another since it was looked up is replaced by the survivor. Raises ValidationError if
    one was erased.
    """
    wanted = list(contacts)
    held = network.lock_contacts([contact.pk for contact in wanted])
    gone = [contact for contact in wanted if contact.pk not in held and contact.network_id == network.pk]
    if not gone:
        return wanted
    merges = network.merges.filter(merged_uuid__in=[contact.uuid for contact in gone]).select_related("survivor")
    survivors = {merge.merged_uuid: merge.survivor for merge in merges}
    if any(contact.uuid not in survivors for contact in gone):
        raise ValidationError(_("Somebody you picked is no longer among your contacts. Pick them again."))
    present_contacts(network, survivors.values())
    people = [survivors.get(contact.uuid, contact) for contact in wanted]
    return list({contact.pk: contact for contact in people}.values())
