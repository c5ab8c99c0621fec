"""Entry points of Celery for the people: fetch, delegate."""

from __future__ import annotations

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from contacts.directory import KEPT_IN_TRASH, empty_trash
from contacts.models import Network


@shared_task(name="contacts.empty_trash")
def empty_trash_of_all() -> None:
    """Erase, in every network, what has lain in the trash of contacts and conversations for 30 days."""
    now = timezone.now()
    long_ago = now - KEPT_IN_TRASH
    due = Q(contacts__deleted_at__lte=long_ago) | Q(conversations__deleted_at__lte=long_ago)
    for network in Network.objects.filter(due).distinct().select_related("owner"):
        empty_trash(network, now)
