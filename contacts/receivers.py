"""All signals that this app hears. Each receiver calls one domain function; the app's `ready` connects them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from contacts.erasing.erasures import Kind, remember_erased
from contacts.models import Network


@receiver(pre_delete, sender=Network)
def remember_network(instance: Network, **_signal: Any) -> None:
    """A member erases their account: no restored backup may bring it back."""
    remember_erased(Kind.NETWORK, [instance.uuid])


@receiver(pre_delete, sender=Network)
def hold_contacts(instance: Network, **_signal: Any) -> None:
    """Nobody may add words to contacts that are about to go with their network."""
    instance.lock_contacts()
