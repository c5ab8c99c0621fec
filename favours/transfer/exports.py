"""Exports in the background: asked for, written piece by piece by whichever worker has them, wiped after a week.

The next worker after one that died writes the file from the start; two never both store one. See
contacts/database/leases.py.
A file is read from one snapshot, so progress is stored through a second connection.
"""

from __future__ import annotations

import logging
import tempfile
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.events import note
from accounts.jobs import hint
from contacts.database.leases import Lease, due
from contacts.files.own.fields import MAX_BYTES
from contacts.models import Contact, Network, StoredFile
from favours.models import Export
from favours.transfer.formats import FORMATS, pieces_of

logger = logging.getLogger(__name__)

State = Export.State

UNDER_WAY = (State.QUEUED, State.RUNNING)
KEPT = timedelta(days=7)
PIECES_BETWEEN_STEPS = 500
PIECES_AT_ONCE = 500
"""Up to so many people and entries are written while the member waits."""


def request_export(network: Network, *, file_format: str, contact: Contact | None = None) -> Export:
    """Ask for a file of everything in one of the `FORMATS`, or of all about one contact; a small one at once."""
    total = FORMATS[file_format].count(network, contact)
    export = Export(network=network, format=file_format, contact=contact, rows_total=total)
    export.full_clean()
    with transaction.atomic():
        export.save()
        if total > PIECES_AT_ONCE:
            hint("favours.write_export", export_id=export.pk)
    note("export asked for", network.owner, kind=file_format, of="contact" if contact else "everything")
    if total <= PIECES_AT_ONCE:
        write_export(export.pk)
    return network.exports.get(pk=export.pk)


def write_export(export_id: int) -> None:
    """Write an export that waits for it. Does nothing if another worker has it. Safe to call at any time."""
    waiting = Export.objects.select_related("network__owner", "contact")
    lease = Lease.take(waiting, export_id, UNDER_WAY, state=State.RUNNING, rows_done=0)
    if lease is None:
        return
    with translation.override(lease.network.owner.language), lease.kept():
        try:
            _write(lease)
        except OSError as error:
            logger.exception("Export %s could not be written.", export_id)
            problem = _("The file could not be written: {reason}. Make room on the disk, then export again.")
            _fail(lease, str(format_lazy(problem, reason=error.strerror or error)))


def due_exports(now: datetime) -> list[int]:
    """The primary keys of exports that wait for a worker, or whose worker has died."""
    return due(Export.objects.all(), UNDER_WAY, now)


def wipe_old(now: datetime) -> None:
    """Remove exports, files and all, a week after they were asked for."""
    _wipe(Export.objects.filter(created_at__lt=now - KEPT).values_list("network", "pk", "file"))


def drop_exports(network: Network) -> None:
    """Remove the network's exports: who is erased must not live on in them."""
    _wipe(network.exports.values_list("network", "pk", "file"))


def _wipe(rows: Any) -> None:
    for network_id, export_id, file_id in list(rows):
        with transaction.atomic():
            Export.objects.filter(network=network_id, pk=export_id).delete()
            StoredFile.objects.filter(network=network_id, pk=file_id).delete()


def _write(lease: Lease[Export]) -> None:
    export, network = lease.row, lease.network
    if lease.is_hopeless:
        _fail(lease, str(_("The export stopped again and again. Whoever runs this instance finds more in the log.")))
        return
    chosen = FORMATS[export.format]
    with tempfile.TemporaryFile() as file:
        with lease.beside() as step, pieces_of(network, export.format, export.contact) as pieces:
            for number, piece in enumerate(pieces, start=1):
                file.write(piece.encode())
                if number % PIECES_BETWEEN_STEPS == 0:
                    step(rows_done=min(number, export.rows_total))
        if file.tell() > MAX_BYTES:
            problem = _("The file is larger than {limit} MB. Whoever runs this instance can write it by command.")
            _fail(lease, str(format_lazy(problem, limit=MAX_BYTES // 1_000_000)))
            return
        file.seek(0)
        content = file.read()
    name = f"netcrm-{network.today().isoformat()}.{chosen.ending}"
    with transaction.atomic():
        stored = StoredFile(network=network, name=name, media_type=chosen.media_type, content=content)
        stored.save()
        lease.step(state=State.DONE, rows_done=export.rows_total, file=stored)


def _fail(lease: Lease[Export], problem: str) -> None:
    lease.step(state=State.FAILED, problem=problem[:500])
