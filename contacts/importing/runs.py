"""The life of an import: received, its columns assigned, previewed, confirmed, cancelled, undone, wiped.

What takes long happens in contacts/importing/work.py; this module only says that it is to be done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.jobs import hint
from contacts.cards import UnreadableFileError
from contacts.database.leases import due
from contacts.files.own import reading as own_format
from contacts.files.own.fields import FORMAT
from contacts.files.reading import Reading, Table, read
from contacts.importing.restorers import sections
from contacts.models import ImportRun, Network, StoredFile

State = ImportRun.State

UNDER_WAY = (State.READING, State.QUEUED, State.RUNNING, State.UNDOING)
ENTRIES_AT_ONCE = 500
"""A file of up to so many entries is looked through while the member waits."""
KEPT_UNCONFIRMED = timedelta(days=7)


def receive(network: Network, *, name: str, data: bytes) -> ImportRun:
    """Keep an uploaded file for its preview; a table of an unknown header waits for its columns first.

    Raises UnreadableFileError for what is no file of contacts, or is too large.
    """
    reading = recognise(data, name)
    run = ImportRun(network=network, file_name=name[:255], format=reading.format, state=State.READING)
    if reading.table is not None:
        run.mapping = {"header": header_hash(reading.table)}
        if reading.table.is_guessed:
            run.state, run.mapping = State.MAPPING, _remembered(network, reading.table)
    with transaction.atomic():
        _store(run, data)
        _hint(run)
    return run


def receive_confirmed(network: Network, *, name: str, data: bytes) -> ImportRun:
    """Keep a file that needs no preview, in the caller's transaction; the caller then works on it.

    Raises UnreadableFileError.

    The columns of an unknown table are taken for what they seem to hold.
    """
    reading = recognise(data, name)
    run = ImportRun(network=network, file_name=name[:255], format=reading.format, state=State.QUEUED)
    if reading.table is not None:
        run.mapping = _remembered(network, reading.table) if reading.table.is_guessed else {}
    return _store(run, data)


def _store(run: ImportRun, data: bytes) -> ImportRun:
    run.file = StoredFile(network=run.network, name=run.file_name, content=data)
    run.file.save()
    run.save()
    return run


def recognise(data: bytes, name: str = "", mapping: Mapping[str, str] | None = None) -> Reading:
    """The reading of a file, netcrm's own export included. Raises UnreadableFileError."""
    if own_format.is_own(data):
        return Reading(FORMAT, lambda: own_format.entries(data, sections()))  # type: ignore[arg-type,return-value]
    return read(data, name, mapping)


def contents_of(run: ImportRun) -> bytes:
    """The bytes of a run's file. Raises UnreadableFileError if they are gone."""
    if run.file is None:
        raise UnreadableFileError(_("The uploaded file is not kept any more. Upload it again."))
    return bytes(run.file.content)


def is_small(run: ImportRun) -> bool:
    """Whether the file can be looked through while the member waits. Raises UnreadableFileError."""
    reading = recognise(contents_of(run), run.file_name, run.mapping.get("columns"))
    return len(list(islice(reading, ENTRIES_AT_ONCE + 1))) <= ENTRIES_AT_ONCE


def assign_columns(network: Network, run: ImportRun, columns: Mapping[int, str]) -> None:
    """Say what the columns of a table hold (column number, from 0, to field key); the preview is made anew.

    The next file with the same header starts from this.
    """
    mapping = run.mapping | {"columns": {str(column): key for column, key in columns.items()}}
    with transaction.atomic():
        network.import_rows.filter(run=run).delete()
        _move(network, run, (State.MAPPING, State.PREVIEW), State.READING, mapping=mapping, report={})


def confirm(network: Network, run: ImportRun) -> bool:
    """Queue a previewed run. False if it was not waiting for that."""
    with transaction.atomic():
        is_queued = _move(network, run, (State.PREVIEW,), State.QUEUED, report={}, rows_done=0)
        if is_queued:
            network.import_rows.filter(run=run).delete()
    return is_queued


def cancel(network: Network, run: ImportRun) -> bool:
    """Stop a run; what it has brought in so far stays, and can be undone. False if it had ended already."""
    waiting = (State.MAPPING, State.READING, State.PREVIEW, State.QUEUED, State.RUNNING)
    with transaction.atomic():
        is_cancelled = _move(network, run, waiting, State.CANCELLED, finished_at=timezone.now())
        if is_cancelled:
            wipe_file(network, run)
    return is_cancelled


def retry(network: Network, run: ImportRun) -> bool:
    """Go on with a run that failed. False if it did not, or its file is gone."""
    return run.file_id is not None and _move(network, run, (State.FAILED,), State.QUEUED, problem="")


def request_undo(network: Network, run: ImportRun) -> bool:
    """Have a run undone. False if there is nothing to undo, or it is still running."""
    return _move(network, run, (State.DONE, State.CANCELLED, State.FAILED), State.UNDOING)


def wipe_file(network: Network, run: ImportRun) -> None:
    """Remove the uploaded file from the database."""
    if run.file_id is not None:
        network.files.filter(pk=run.file_id).delete()
        run.file = None


def give_up_uploads(network: Network, problem: str) -> None:
    """Remove the uploads that wait for the member, with their previews, and say why. Confirmed ones go on."""
    waiting = (State.MAPPING, State.READING, State.PREVIEW, State.FAILED)
    for run in network.import_runs.filter(state__in=waiting, file__isnull=False):
        with transaction.atomic():
            if _move(network, run, waiting, State.CANCELLED, finished_at=timezone.now(), problem=problem):
                wipe_file(network, run)
                network.import_rows.filter(run=run).delete()


def wipe_unconfirmed(now: datetime) -> None:
    """Remove uploads that nobody has confirmed, or taken up again after they failed, within a week."""
    old = ImportRun.objects.filter(created_at__lt=now - KEPT_UNCONFIRMED)
    for run in old.filter(state__in=(State.MAPPING, State.READING, State.PREVIEW)).select_related("network"):
        cancel(run.network, run)
        run.rows.filter(network=run.network).delete()
    for run in old.filter(state=State.FAILED, file__isnull=False).select_related("network"):
        wipe_file(run.network, run)


def due_runs(now: datetime) -> list[int]:
    """The primary keys of runs that wait for a worker, or whose worker has died."""
    return due(ImportRun.objects.all(), UNDER_WAY, now)


def header_hash(table: Table) -> str:
    """What files with the same header share."""
    return hashlib.sha256("\x1f".join(name.casefold() for name in table.header).encode("utf-8", "replace")).hexdigest()


def _remembered(network: Network, table: Table) -> dict[str, Any]:
    """The mapping of the latest file with this header, else what the columns seem to hold."""
    header = header_hash(table)
    guess: dict[str, Any] = {"header": header, "columns": {str(column): key for column, key in table.mapping.items()}}
    runs = network.import_runs.filter(mapping__header=header).exclude(state=State.MAPPING)
    latest = runs.order_by("-created_at").first()
    return dict(latest.mapping) if latest is not None else guess


def _move(network: Network, run: ImportRun, origins: tuple[str, ...], state: str, **fields: object) -> bool:
    """Bring a run from one of `origins` into another state, unless somebody else was quicker."""
    values = {"state": state, "heartbeat_at": None, "attempts": 0, **fields}
    if not network.import_runs.filter(pk=run.pk, state__in=origins).update(**values):
        return False
    for name, value in values.items():
        setattr(run, name, value)
    _hint(run)
    return True


def _hint(run: ImportRun) -> None:
    if run.state in UNDER_WAY:
        hint("contacts.run_import", run_id=run.pk)
