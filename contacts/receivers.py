"""All signals that this app hears. Each receiver calls one domain function; the app's `ready` connects them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from contacts.erasing.erasures import Kind, remember_erased
from contacts.importing.runs import give_up_uploads
from contacts.models import Network
from contacts.signals import contacts_erased


@receiver(pre_delete, sender=Network)
def remember_network(instance: Network, **_signal: Any) -> None:
    """A member erases their account: no restored backup may bring it back."""
    remember_erased(Kind.NETWORK, [instance.uuid])


@receiver(pre_delete, sender=Network)
def hold_contacts(instance: Network, **_signal: Any) -> None:
    """Nobody may add words to contacts that are about to go with their network."""
    instance.lock_contacts()


@receiver(contacts_erased)
def give_up_waiting_uploads(network: Network, are_real: bool, **_signal: Any) -> None:
    """Files of any program can't be searched for certain, so what waits for the member goes as a whole."""
    if are_real:
        give_up_uploads(network, _("Somebody was erased for good who may be in this file. Upload it again."))
