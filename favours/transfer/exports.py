"""Exports in the background: requested, written piece by piece by a worker, and deleted after a week.

If a worker dies, the next one writes the file from the start; two workers never both store one. See
contacts/database/leases.py. A file is read from one snapshot, so progress is stored through a second connection.
"""

from __future__ import annotations

import logging
import tempfile
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.disk import is_disk_full
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
MOST_UNDER_WAY = 3
"""Maximum exports of a network under way at once; nobody needs more, although there are four formats."""
MOST_KEPT = 10
"""Maximum finished exports of a network; the oldest make room for new ones. The page lists five."""
PIECES_BETWEEN_STEPS = 500
PIECES_AT_ONCE = 500
"""Maximum number of people and entries, in total, for an export to be written while the member waits."""


def request_export(network: Network, *, file_format: str, contact: Contact | None = None) -> Export:
    """Requests a file with everything in one of the `FORMATS`, or with everything about one contact.

    A small one is written at once. While an equal one is under way, that one is returned. Raises ValidationError if too
    many are under way.
    """
    total = FORMATS[file_format].count(network, contact)
    export = Export(network=network, format=file_format, contact=contact, rows_total=total)
    export.full_clean()
    with transaction.atomic():
        network.lock()
        under_way = network.exports.filter(state__in=UNDER_WAY)
        same = under_way.filter(format=file_format, contact=contact).first()
        if same is not None:
            return same
        if under_way.count() >= MOST_UNDER_WAY:
            raise ValidationError(_("Three exports are being written already. Wait until one of them is done."))
        export.save()
        if total > PIECES_AT_ONCE:
            hint("favours.write_export", export_id=export.pk)
    note("export asked for", network.owner, kind=file_format, of="contact" if contact else "everything")
    if total <= PIECES_AT_ONCE:
        write_export(export.pk)
    return network.exports.get(pk=export.pk)


def write_export(export_id: int) -> None:
    """Writes a waiting export, unless another worker has it. Safe to call at any time."""
    waiting = Export.objects.select_related("network__owner", "contact")
    lease = Lease.take(waiting, export_id, UNDER_WAY, state=State.RUNNING, rows_done=0)
    if lease is None:
        return
    with translation.override(lease.network.owner.language), lease.kept():
        try:
            _write(lease)
        except OSError as error:
            logger.exception("Export %s could not be written.", export_id)
            reason = _("No space left on device") if is_disk_full(error) else error.strerror or error
            problem = _("The file could not be written: {reason}. Make room on the disk, then export again.")
            _fail(lease, str(format_lazy(problem, reason=reason)))


def due_exports(now: datetime) -> list[int]:
    """Returns the primary keys of exports that wait for a worker, or whose worker has died."""
    return due(Export.objects.all(), UNDER_WAY, now)


def wipe_old(now: datetime) -> None:
    """Removes exports and their files a week after they were requested."""
    _wipe(Export.objects.filter(created_at__lt=now - KEPT))


def drop_exports(network: Network) -> None:
    """Removes the network's exports, because an erased contact must not survive in them.

    Removes them again after the commit: an export that began before it has still read the erased contact.
    """
    _wipe(network.exports.all())
    transaction.on_commit(lambda: _wipe(network.exports.all()))


def _wipe(exports: QuerySet[Export]) -> None:
    for network_id, key in list(exports.values_list("network", "pk")):
        with transaction.atomic():
            # Locked before its file is looked up: a worker may be about to store one.
            export = Export.objects.select_for_update().filter(network=network_id, pk=key).first()
            if export is not None:
                export.delete()
                StoredFile.objects.filter(network=network_id, pk=export.file_id or 0).delete()


def _write(lease: Lease[Export]) -> None:
    export, network = lease.row, lease.network
    if lease.is_hopeless:
        _fail(lease, str(_("The export stopped again and again. Whoever runs this instance finds more in the log.")))
        return
    chosen = FORMATS[export.format]
    with tempfile.TemporaryFile() as file:
        with lease.beside() as step, pieces_of(network, export.format, export.contact) as pieces:
            for number, piece in enumerate(pieces, start=1):
                file.write(piece)
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
    finished = network.exports.filter(state=State.DONE).order_by("-created_at", "-pk")
    _wipe(network.exports.filter(pk__in=list(finished.values_list("pk", flat=True)[MOST_KEPT:])))


def _fail(lease: Lease[Export], problem: str) -> None:
    lease.step(state=State.FAILED, problem=problem[:500])
