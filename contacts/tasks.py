"""Task entry points for the worker: thin, idempotent, and safe to run at any time."""

from functools import partial

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.jobs import one_by_one
from contacts.database import bulk
from contacts.duplicates.pairs import behind, refresh_if_behind
from contacts.erasing.contacts import empty_trash, networks_with_old_trash
from contacts.importing import retention, running, runs
from contacts.matching import vectors as meaning

SHARE_OF_SWEEP = 0.8
"""Share of the time between two sweeps that a sweep may take to compute the meanings of texts."""


@shared_task(name="contacts.run_import")
def run_import(*, run_id: int) -> None:
    """Run the next step of an import: preview it, import it, or undo it."""
    running.work_on(run_id)


@shared_task(name="contacts.continue_imports")
def continue_imports() -> None:
    """Continue imports whose hint was lost or whose worker died, and delete uploads that nobody confirmed."""
    now = timezone.now()
    one_by_one(running.work_on, runs.due_runs(now))
    runs.wipe_unconfirmed(now)


@shared_task(name="contacts.forget_imports")
def forget_imports() -> None:
    """Delete old data that imports left behind, and files that nothing refers to."""
    now = timezone.now()
    retention.forget_finished(now)
    retention.wipe_unused_files(now)


@shared_task(name="contacts.find_duplicates")
def find_duplicates(*, network_id: int) -> None:
    """Search one network for duplicates; returns quickly if none of its texts changed since the last search."""
    refresh_if_behind(network_id)


@shared_task(name="contacts.find_all_duplicates")
def find_all_duplicates() -> None:
    """Search for duplicates in every network that changed since its last search."""
    one_by_one(refresh_if_behind, behind().values_list("pk", flat=True))


@shared_task(name="contacts.compute_meaning")
def compute_meaning(*, network_id: int) -> None:
    """Compute the missing meanings of one network's texts."""
    meaning.compute_if_behind(network_id)


@shared_task(name="contacts.compute_all_meaning")
def compute_all_meaning() -> None:
    """Compute the meanings of texts in every network that changed; the next sweep continues if this takes too long."""
    meaning.compute_behind(seconds=settings.NETCRM_SWEEP_SECONDS * SHARE_OF_SWEEP)


@shared_task(name="contacts.empty_trash")
def empty_trash_of_all() -> None:
    """Erase the contacts, conversations and topics that have been in any network's trash for 30 days."""
    now = timezone.now()
    one_by_one(partial(empty_trash, now=now), networks_with_old_trash(now).select_related("owner"))


@shared_task(name="contacts.refresh_statistics")
def refresh_statistics() -> None:
    """Refresh the database's statistics on table sizes, so that it plans queries well."""
    bulk.refresh_statistics()
