"""Exports in the background: asked for, written piece by piece by whichever worker has them, wiped after a week.

A worker that dies loses its beginnings, never the export: the sweep finds that its heartbeat has stopped, and the next
one writes the file from the start. Two workers never both store one: each step is made on the condition that the
heartbeat is the one that this worker wrote last.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.jobs import hint
from contacts.models import Contact, Network, StoredFile
from contacts.signals import contacts_erasing
from favours.exporting import FORMATS
from favours.models import Export

logger = logging.getLogger(__name__)

State = Export.State

UNDER_WAY = (State.QUEUED, State.RUNNING)
KEPT = timedelta(days=7)
STALE_AFTER = timedelta(seconds=45)
"""A worker that has shown no sign of life for so long is taken for dead."""
MOST_ATTEMPTS = 5
PIECES_BETWEEN_STEPS = 500
MAX_BYTES = 250_000_000
"""The file lies in the database as a whole; a larger one is written by the command `export`."""
PIECES_AT_ONCE = 500
"""Up to so many people and entries are written while the member waits."""


class HoldLost(Exception):  # noqa: N818 - no error: somebody else goes on with it
    """Another worker has the export, or it was wiped."""


def request_export(network: Network, *, file_format: str, contact: Contact | None = None) -> Export:
    """Ask for a file of everything in one of the `FORMATS`, or of all about one contact; a small one at once."""
    total = FORMATS[file_format].count(network, contact)
    export = Export(network=network, format=file_format, contact=contact, rows_total=total)
    export.full_clean()
    with transaction.atomic():
        export.save()
        if total > PIECES_AT_ONCE:
            hint("favours.write_export", export_id=export.pk)
    if total <= PIECES_AT_ONCE:
        write_export(export.pk)
    return network.exports.get(pk=export.pk)


def write_export(export_id: int) -> None:
    """Write an export that waits for it. Does nothing if another worker has it. Safe to call at any time."""
    export = _take(export_id)
    if export is None:
        return
    with translation.override(export.network.owner.language):
        try:
            _write(export)
        except HoldLost:
            logger.info("Export %s went on elsewhere or was wiped.", export.pk)
        except OSError as error:
            logger.exception("Export %s could not be written.", export.pk)
            problem = _("The file could not be written: {reason}. Make room on the disk, then export again.")
            _fail(export, str(format_lazy(problem, reason=error.strerror or error)))
        except BaseException:
            _step(export, heartbeat_at=None)
            raise


def due_exports(now: datetime) -> list[int]:
    """The primary keys of exports that wait for a worker, or whose worker has died."""
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - STALE_AFTER)
    return list(Export.objects.filter(free, state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True))


def wipe_old(now: datetime) -> None:
    """Remove exports, files and all, a week after they were asked for."""
    _wipe(Export.objects.filter(created_at__lt=now - KEPT).values_list("network", "pk", "file"))


@receiver(contacts_erasing, dispatch_uid="favours.exports")
def forget_erased(network: Network, contact_ids: Collection[int], **kwargs: Any) -> None:
    """Remove the network's exports: who is erased must not live on in them."""
    _wipe(network.exports.values_list("network", "pk", "file"))


def _wipe(rows: Any) -> None:
    for network_id, export_id, file_id in list(rows):
        with transaction.atomic():
            Export.objects.filter(network=network_id, pk=export_id).delete()
            StoredFile.objects.filter(network=network_id, pk=file_id).delete()


def _take(export_id: int) -> Export | None:
    """The export, held, if it waits for a worker or its worker has died; else nothing."""
    now = timezone.now()
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - STALE_AFTER)
    waiting = Export.objects.filter(free, pk=export_id, state__in=UNDER_WAY)
    if not waiting.update(heartbeat_at=now, attempts=F("attempts") + 1, state=State.RUNNING, rows_done=0):
        return None
    return Export.objects.select_related("network__owner", "contact").get(pk=export_id)


def _write(export: Export) -> None:
    if export.attempts > MOST_ATTEMPTS:
        _fail(export, str(_("The export stopped again and again. Whoever runs this instance finds more in the log.")))
        return
    chosen = FORMATS[export.format]
    with tempfile.TemporaryFile() as file:
        for number, piece in enumerate(chosen.write(export.network, export.contact), start=1):
            file.write(piece.encode())
            if number % PIECES_BETWEEN_STEPS == 0:
                _step(export, rows_done=min(number, export.rows_total))
        if file.tell() > MAX_BYTES:
            problem = _("The file is larger than {limit} MB. Whoever runs this instance can write it by command.")
            _fail(export, str(format_lazy(problem, limit=MAX_BYTES // 1_000_000)))
            return
        file.seek(0)
        content = file.read()
    name = f"netcrm-{export.network.today().isoformat()}.{chosen.ending}"
    with transaction.atomic():
        stored = StoredFile(network=export.network, name=name, media_type=chosen.media_type, content=content)
        stored.save()
        _step(export, state=State.DONE, rows_done=export.rows_total, file=stored)


def _fail(export: Export, problem: str) -> None:
    _step(export, state=State.FAILED, problem=problem[:500])


def _step(export: Export, **fields: Any) -> None:
    """Store progress, and with it a sign of life. Raises HoldLost."""
    values = {"heartbeat_at": timezone.now(), **fields}
    held = export.network.exports.filter(pk=export.pk, state=export.state, heartbeat_at=export.heartbeat_at)
    if not held.update(**values):
        raise HoldLost
    for name, value in values.items():
        setattr(export, name, value)
