"""The Celery application and its beat schedule.

The broker only carries hints: the work to be done is in the database, and the sweeps below find it if a hint is lost.
See docs/architecture.md.
"""

import gc
import os
import sys
from typing import Any

import click
from celery import Celery
from celery.signals import beat_init, celeryd_init, task_postrun, task_prerun, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from netcrm.data_folder import write_privately
from netcrm.logs import request_id
from netcrm.serving.preconditions import StartError, refuse_held_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")

app = Celery("netcrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

try:
    settings.NETCRM_SWEEP_SECONDS  # noqa: B018 - the first one that is read loads all of them
except ImproperlyConfigured as unusable:
    if click.get_current_context(silent=True):  # Celery's command line would print the traceback.
        sys.exit(f"netcrm can't start: {unusable}")
    raise


@celeryd_init.connect  # type: ignore[untyped-decorator]  # Celery has no types.
@beat_init.connect  # type: ignore[untyped-decorator]
def work_alone(**_signal: Any) -> None:
    """Stop a worker or beat from starting while `manage.py serve` runs, and make the files that they write private."""
    if not settings.EMBEDDED:
        return
    write_privately()
    try:
        refuse_held_folder(settings.DATA_DIR)
    except StartError as problem:
        sys.exit(str(problem))


@worker_init.connect  # type: ignore[untyped-decorator]
def spare_collector(**_signal: Any) -> None:
    """Exempt the program's own objects from garbage collection, which would otherwise take a tenth of a sweep."""
    gc.collect()
    gc.freeze()


@task_prerun.connect  # type: ignore[untyped-decorator]  # Celery has no types.
def name_lines(task_id: str, **_signal: Any) -> None:
    """Give all log lines of a job the job's id."""
    request_id.set(task_id)


@task_postrun.connect  # type: ignore[untyped-decorator]
def forget_name(**_signal: Any) -> None:
    """Reset the id after a job, because its thread may log other lines before the next job."""
    request_id.set("-")


def every_sweep(task: str) -> dict[str, object]:
    """Return a beat entry that runs `task` at each sweep, and expires if no worker takes it before the next one."""
    interval = settings.NETCRM_SWEEP_SECONDS
    return {"task": task, "schedule": interval, "options": {"expires": interval}}


app.conf.beat_schedule = {
    "send-due-mail": every_sweep("accounts.send_due_mail"),
    "clear-sign-in": every_sweep("accounts.clear_sign_in"),
    "wipe-remains": every_sweep("accounts.wipe_remains"),
    "continue-imports": every_sweep("contacts.continue_imports"),
    "continue-exports": every_sweep("favours.continue_exports"),
    "find-duplicates": {"task": "contacts.find_all_duplicates", "schedule": 300.0, "options": {"expires": 300}},
    "compute-meaning": every_sweep("contacts.compute_all_meaning"),
    "recompute-stale-summaries": every_sweep("favours.recompute_stale_summaries"),
    "make-missing-rounds": every_sweep("favours.make_missing_rounds"),
    "hand-out-letters": every_sweep("favours.hand_out_letters"),
    "forget-used-links": {"task": "favours.forget_used_links", "schedule": 3600.0, "options": {"expires": 3600}},
    "empty-trash": {"task": "favours.empty_trash", "schedule": 3600.0, "options": {"expires": 3600}},
    "empty-trash-of-people": {"task": "contacts.empty_trash", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-imports": {"task": "contacts.forget_imports", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-reasons": {"task": "favours.forget_reasons", "schedule": 3600.0, "options": {"expires": 3600}},
    "refresh-statistics": {"task": "contacts.refresh_statistics", "schedule": 3600.0, "options": {"expires": 3600}},
    "clear-sessions": {"task": "accounts.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
    "heartbeat": every_sweep("netcrm.heartbeat"),
}
