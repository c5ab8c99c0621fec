"""Deleting the data that imports leave behind; docs/retention.md lists everything that is deleted automatically."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from contacts.models import ImportChange, ImportRow, ImportRun, StoredFile

KEPT_FINISHED = timedelta(days=90)
"""Time for which a finished import lists its entries and can be undone."""
KEPT_UNUSED = timedelta(days=1)
"""Time for which a file may be stored without anything referring to it."""
RUNS_AT_ONCE = 100


def is_recent(run: ImportRun, now: datetime | None = None) -> bool:
    """Return whether a run still lists its entries and can be undone. A sample always does and can."""
    now = now or timezone.now()
    return run.is_sample or run.finished_at is None or run.finished_at > now - KEPT_FINISHED


def forget_finished(now: datetime) -> None:
    """Delete the entries listed for imports that ended 90 days before `now`, and the records of their changes."""
    old = ImportRun.objects.filter(finished_at__lte=now - KEPT_FINISHED, is_sample=False)
    for model in (ImportRow, ImportChange):
        left = old.filter(Exists(model.objects.filter(network=OuterRef("network"), run=OuterRef("pk"))))
        for network_id, key in list(left.values_list("network", "pk")[:RUNS_AT_ONCE]):
            model.objects.filter(network=network_id, run=key).delete()


def wipe_unused_files(now: datetime) -> None:
    """Delete the files that nothing refers to a day after they were stored."""
    unused_files().filter(created_at__lte=now - KEPT_UNUSED).delete()


def unused_files() -> QuerySet[StoredFile]:
    """Return the files that no row of any app refers to."""
    files = StoredFile.objects.all()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is StoredFile:
                files = files.exclude(Exists(model._base_manager.filter(**{field.name: OuterRef("pk")})))
    return files
