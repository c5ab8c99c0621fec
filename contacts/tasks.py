"""Entry points for the worker: thin, idempotent, safe to run at any time."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from accounts.jobs import one_by_one
from contacts.database import bulk
from contacts.duplicates.pairs import behind, refresh_if_behind
from contacts.erasing.contacts import empty_trash, networks_with_old_trash
from contacts.importing import running, runs


@shared_task(name="contacts.run_import")
def run_import(*, run_id: int) -> None:
    """Do whatever an import waits for: look it through, bring it in, undo it."""
    running.work_on(run_id)


@shared_task(name="contacts.continue_imports")
def continue_imports() -> None:
    """Find the imports whose hint was lost or whose worker died, and go on with them; wipe what nobody confirmed."""
    now = timezone.now()
    one_by_one(running.work_on, runs.due_runs(now))
    runs.wipe_unconfirmed(now)


@shared_task(name="contacts.find_duplicates")
def find_duplicates(*, network_id: int) -> None:
    """Look for duplicates in one network; nothing to do, and quick, unless its texts changed since the last time."""
    refresh_if_behind(network_id)


@shared_task(name="contacts.find_all_duplicates")
def find_all_duplicates() -> None:
    """Look for duplicates in every network that changed since the last time."""
    one_by_one(refresh_if_behind, behind().values_list("pk", flat=True))


@shared_task(name="contacts.empty_trash")
def empty_trash_of_all() -> None:
    """Erase, in every network, the contacts, conversations and lines that have lain in the trash for 30 days."""
    now = timezone.now()
    one_by_one(partial(empty_trash, now=now), networks_with_old_trash(now).select_related("owner"))


@shared_task(name="contacts.refresh_statistics")
def refresh_statistics() -> None:
    """Let the database know how much it holds, so that it finds the shortest way to it."""
    bulk.refresh_statistics()
