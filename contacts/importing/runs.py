"""The life of an import: received, its columns assigned, previewed, confirmed, cancelled, undone, wiped.

The long part is in contacts/importing/running.py; this module only requests it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.jobs import hint
from contacts.cards import Card, UnreadableFileError
from contacts.database.leases import due
from contacts.files.limits import SMALL_BYTES
from contacts.files.reading import Reading, Table, read
from contacts.files.recognition import Recognition, Wishes, recognise
from contacts.importing.restorers import sections
from contacts.importing.retention import is_recent
from contacts.models import ImportRun, Network, StoredFile
from contacts.people.photos import cost_of
from contacts.people.ways import region_of

State = ImportRun.State

UNDER_WAY = (State.READING, State.QUEUED, State.RUNNING, State.UNDOING)
WAITS = Q(state__in=(State.MAPPING, State.PREVIEW)) | Q(state=State.FAILED, file__isnull=False)
"""Condition for runs that wait for the member."""
ENTRIES_AT_ONCE = 500
"""Maximum entries of a file that is previewed while the member waits."""
PIXELS_AT_ONCE = 8_000_000
"""Maximum pixels in all pictures of such a file."""
MOST_WAITING = 200_000_000
"""Maximum bytes of uploads that wait at once; a single file may be larger (an export of a large network)."""
KEPT_UNCONFIRMED = timedelta(days=7)
"""Time for which an upload waits for its confirmation."""


def receive(network: Network, *, name: str, data: bytes) -> ImportRun:
    """Keeps an uploaded file for its preview.

    A table with an unknown header first waits for its columns to be assigned. Raises UnreadableFileError for a file
    that holds no contacts or is too large, or if too much is waiting already.
    """
    run, table = _recognised(network, name, data)
    run.state = State.READING
    if table is not None:
        run.mapping = {"header": header_hash(table)}
        if table.is_guessed:
            run.state, run.mapping = State.MAPPING, _remembered(network, table)
    with transaction.atomic():
        network.lock()
        waiting = waiting_bytes(network)
        if waiting and waiting + len(data) > MOST_WAITING:
            text = _(
                "Uploads of {size} MB wait to be imported, and {limit} MB can. Import or discard one of them first."
            )
            megabytes = {"size": -(-waiting // 1_000_000), "limit": MOST_WAITING // 1_000_000}
            raise UnreadableFileError(format_lazy(text, **megabytes))
        _store(run, data)
        _hint(run)
    return run


def waiting_bytes(network: Network) -> int:
    """Returns the size of all files that wait to be imported or are being imported."""
    files = network.files.filter(pk__in=network.import_runs.filter(file__isnull=False).values("file"))
    return int(files.aggregate(size=Coalesce(Sum(Length("content")), 0))["size"])


def receive_confirmed(network: Network, *, name: str, data: bytes) -> ImportRun:
    """Keeps a file that needs no preview, in the caller's transaction; the caller then works on it.

    The columns of an unknown table are guessed. Raises UnreadableFileError.
    """
    run, table = _recognised(network, name, data)
    run.state = State.QUEUED
    if table is not None and table.is_guessed:
        run.mapping = _remembered(network, table)
    return _store(run, data)


def _recognised(network: Network, name: str, data: bytes) -> tuple[ImportRun, Table | None]:
    """Detects a file's format. Returns an unsaved run for it, and the parsed table if it is one, else None."""
    reading = read(data, region=region_of(network.owner), sections=sections())
    run = ImportRun(network=network, file_name=name[:255], format=reading.format)
    run.recognition = reading.recognition.as_json()
    return run, reading.table


def read_differently(network: Network, run: ImportRun, wishes: Wishes) -> bool:
    """Recognises a waiting file again, with the member's corrections, and requests a new preview.

    If this changes a table's header, its columns have to be assigned first. Returns False if the run is no longer
    waiting. Raises UnreadableFileError if no contacts are found in the file this way.
    """
    if run.file is None:
        return False
    data = bytes(run.file.content)
    found = recognise(data, region=region_of(network.owner), wishes=wishes)
    table = read(data, found, sections=sections()).table
    mapping: dict[str, Any] = {}
    state = State.READING
    if table is not None:
        mapping = {"header": header_hash(table)}
        if mapping["header"] == run.mapping.get("header"):
            mapping = run.mapping
        elif table.is_guessed:
            state, mapping = State.MAPPING, _remembered(network, table)
    values = {"recognition": found.as_json(), "format": found.format, "mapping": mapping, "report": {}}
    with transaction.atomic():
        network.import_rows.filter(run=run).delete()
        return _move(network, run, (State.MAPPING, State.PREVIEW), state, **values)


def _store(run: ImportRun, data: bytes) -> ImportRun:
    run.file = StoredFile(network=run.network, name=run.file_name, content=data)
    run.file.save()
    run.save()
    return run


def reading_of(run: ImportRun) -> Reading:
    """Opens a run's file for reading, with the stored recognition. Raises UnreadableFileError if the file is gone."""
    if run.file is None:
        raise UnreadableFileError(_("The uploaded file is not kept any more. Upload it again."))
    recognition = Recognition.from_json(run.recognition)
    mapping = run.mapping.get("columns")
    return read(bytes(run.file.content), recognition, mapping=mapping, sections=sections())


def is_small(run: ImportRun) -> bool:
    """Returns whether a file can be previewed while the member waits. Raises UnreadableFileError."""
    reading = reading_of(run)
    if len(reading.data) > SMALL_BYTES:
        return False
    entries = list(islice(reading, ENTRIES_AT_ONCE + 1))
    pixels = sum(cost_of(entry.photo) for entry in entries if isinstance(entry, Card) and entry.photo)
    return len(entries) <= ENTRIES_AT_ONCE and pixels <= PIXELS_AT_ONCE


def assign_columns(network: Network, run: ImportRun, columns: Mapping[int, str]) -> None:
    """Stores the fields of a table's columns (column number, from 0, to field key) and requests a new preview.

    The next file with the same header starts from this assignment.
    """
    mapping = run.mapping | {"columns": {str(column): key for column, key in columns.items()}}
    with transaction.atomic():
        network.import_rows.filter(run=run).delete()
        _move(network, run, (State.MAPPING, State.PREVIEW), State.READING, mapping=mapping, report={})


def confirm(network: Network, run: ImportRun) -> bool:
    """Queues a previewed run. Returns False if it was not waiting for confirmation."""
    with transaction.atomic():
        is_queued = _move(network, run, (State.PREVIEW,), State.QUEUED, report={}, rows_done=0)
        if is_queued:
            network.import_rows.filter(run=run).delete()
    return is_queued


def cancel(network: Network, run: ImportRun) -> bool:
    """Stops a run; contacts imported so far stay, and can be undone. Returns False if it had ended already."""
    waiting = [State.MAPPING, State.READING, State.PREVIEW, State.QUEUED, State.RUNNING]
    if run.file_id is not None:
        waiting.append(State.FAILED)  # It waits to be retried.
    with transaction.atomic():
        is_cancelled = _move(network, run, waiting, State.CANCELLED, finished_at=timezone.now())
        if is_cancelled:
            wipe_file(network, run)
    return is_cancelled


def retry(network: Network, run: ImportRun) -> bool:
    """Resumes a failed run. Returns False if it did not fail, or its file is gone."""
    return run.file_id is not None and _move(network, run, (State.FAILED,), State.QUEUED, problem="")


def request_undo(network: Network, run: ImportRun) -> bool:
    """Requests that a run be undone. Returns False if it is running, too long ago, or has nothing to undo."""
    return is_recent(run) and _move(network, run, (State.DONE, State.CANCELLED, State.FAILED), State.UNDOING)


def wipe_file(network: Network, run: ImportRun) -> None:
    """Removes the uploaded file from the database."""
    if run.file_id is not None:
        network.files.filter(pk=run.file_id).delete()
        run.file = None


def give_up_uploads(network: Network, problem: str) -> None:
    """Cancels the uploads that wait for the member, and states the problem. Confirmed ones go on.

    Their files and previews are deleted.
    """
    waiting = (State.MAPPING, State.READING, State.PREVIEW, State.FAILED)
    for run in network.import_runs.filter(state__in=waiting, file__isnull=False):
        with transaction.atomic():
            if _move(network, run, waiting, State.CANCELLED, finished_at=timezone.now(), problem=problem):
                wipe_file(network, run)
                network.import_rows.filter(run=run).delete()


def wipe_unconfirmed(now: datetime) -> None:
    """Removes uploads that nobody has confirmed, or resumed after a failure, within a week."""
    old = ImportRun.objects.filter(created_at__lt=now - KEPT_UNCONFIRMED)
    for run in old.filter(state__in=(State.MAPPING, State.READING, State.PREVIEW)).select_related("network"):
        cancel(run.network, run)
        run.rows.filter(network=run.network).delete()
    for run in old.filter(state=State.FAILED, file__isnull=False).select_related("network"):
        wipe_file(run.network, run)


def due_runs(now: datetime) -> list[int]:
    """Returns the primary keys of runs that wait for a worker, or whose worker has died."""
    return due(ImportRun.objects.all(), UNDER_WAY, now)


def header_hash(table: Table) -> str:
    """Returns a hash that is the same for all files with this header."""
    return hashlib.sha256("\x1f".join(name.casefold() for name in table.header).encode("utf-8", "replace")).hexdigest()


def _remembered(network: Network, table: Table) -> dict[str, Any]:
    """Returns the mapping of the latest file with this header, else a guess."""
    header = header_hash(table)
    guess: dict[str, Any] = {"header": header, "columns": {str(column): key for column, key in table.mapping.items()}}
    runs = network.import_runs.filter(mapping__header=header).exclude(state=State.MAPPING)
    latest = runs.order_by("-created_at").first()
    return dict(latest.mapping) if latest is not None else guess


def _move(network: Network, run: ImportRun, origins: Sequence[str], state: str, **fields: object) -> bool:
    """Moves a run from one of `origins` to another state. Returns False if it is no longer in any of them."""
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
