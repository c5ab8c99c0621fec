"""Entry points for the worker: thin, idempotent, safe to run at any time."""

from celery import shared_task
from django.utils import timezone

from contacts.importing import runs, work


@shared_task(name="contacts.run_import")
def run_import(*, run_id: int) -> None:
    """Do whatever an import waits for: look it through, bring it in, undo it."""
    work.work_on(run_id)


@shared_task(name="contacts.continue_imports")
def continue_imports() -> None:
    """Find the imports whose hint was lost or whose worker died, and go on with them; wipe what nobody confirmed."""
    now = timezone.now()
    for run_id in runs.due_runs(now):
        work.work_on(run_id)
    runs.wipe_unconfirmed(now)
