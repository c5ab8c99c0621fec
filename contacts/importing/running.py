"""The long part of an import: preparing the preview, importing the file, and undoing an import.

Batches of up to some hundred entries have a transaction each, which also stores the run's progress; so a worker that
dies loses at most the current batch, and the next worker continues exactly there. Two workers never write at the same
time; see contacts/database/leases.py.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.jobs import hint
from contacts.cards import Card, Entry, Skipped, UnreadableFileError
from contacts.database.batches import Pace
from contacts.database.bulk import refresh_statistics
from contacts.database.leases import INTERRUPTIONS, Lease, LeaseLostError
from contacts.files.own.records import Record
from contacts.files.reading import Reading
from contacts.files.vcard.groups import Groups
from contacts.importing.lookalikes import lookalikes
from contacts.importing.outcomes import Outcomes
from contacts.importing.plan import Decision, Intake, Planner
from contacts.importing.restorers import restore
from contacts.importing.runs import UNDER_WAY, State, reading_of, receive_confirmed, wipe_file
from contacts.importing.undo import CHANGES_AT_ONCE, undo_some
from contacts.importing.writing import write
from contacts.models import ImportRow, ImportRun, Network
from contacts.people.circles import circles_by_name
from contacts.people.relations import resolve

logger = logging.getLogger(__name__)

BATCH = 500
"""Entries in the largest transaction, which takes a fifth of a second on an idle machine; a busy one gets fewer."""
MOST_CHARACTERS = 400_000
"""Characters of long texts, and bytes of pictures, in one transaction: each word of a text becomes a row."""
MOST_REMEMBERED = 10_000
"""Maximum people of a file that its preview remembers. Beyond these, repeated people are shown as new each time."""

OBJECTS_BETWEEN_COLLECTIONS = 100_000
NAMES_SHOWN = 6


@contextmanager
def garbage_collected_seldom() -> Iterator[None]:
    """Makes Python collect garbage after a batch's worth of objects rather than every few hundred.

    Rows have almost no reference cycles; looking for them took a fifth of an import's time.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def work_on(run_id: int) -> None:
    """Performs the pending step of a run, unless another worker has it. Safe to call at any time."""
    lease = _take(run_id)
    if lease is not None:
        _work(lease)


def bring_in_now(network: Network, *, name: str, data: bytes) -> ImportRun:
    """Imports a file at once and without a preview, as scripts do, and returns the run. Raises UnreadableFileError.

    An interrupted import continues at once; if the caller dies, a worker continues it.
    """
    with transaction.atomic():
        run = receive_confirmed(network, name=name, data=data)
        lease = _take(run.pk)
    while lease is not None:
        _work(lease)
        lease = _take(run.pk)
    run.refresh_from_db()
    return run


def _take(run_id: int) -> Lease[ImportRun] | None:
    """Returns the lease on a run that has work to do and no living worker; otherwise None."""
    runs = ImportRun.objects.select_related("network__owner", "file")
    state = Case(When(state=State.QUEUED, then=Value(State.RUNNING.value)), default=F("state"))
    return Lease.take(runs, run_id, UNDER_WAY, state=state)


def _work(lease: Lease[ImportRun]) -> None:
    with translation.override(lease.network.owner.language), garbage_collected_seldom(), lease.kept():
        try:
            if lease.is_hopeless:
                _fail(lease, str(_("The import stopped again and again at the same place.")))
            elif lease.row.state == State.UNDOING:
                _undo(lease)
            elif lease.row.state == State.READING:
                _look_through(lease)
            else:
                _bring_in(lease)
        except UnreadableFileError as problem:
            _fail(lease, str(problem.reason))


def preview(network: Network, run: ImportRun, reading: Reading) -> Iterator[tuple[int, Outcomes]]:
    """Yields, for each batch, the number of its entries and their outcomes. Writes nothing."""
    planner, groups = Planner(network, reading.format), Groups.of(reading)
    for batch in paced(reading, lambda: BATCH):
        outcomes = Outcomes(network, run, lists_all=True)
        decisions = planner.decide([planner.take_in(card) for card in groups.with_circles(batch)])
        alike = lookalikes(network, decisions)
        for decision in decisions:
            outcomes.add_decision(decision, alike.get(decision.card.row))
        outcomes.add_skipped(entry for entry in batch if isinstance(entry, Skipped))
        for section, records in _by_section(batch):
            outcomes.count(section, len(records))
        if planner.remembered > MOST_REMEMBERED:
            planner.forget()
        yield len(batch), outcomes
    outcomes = Outcomes(network, run, lists_all=True)
    outcomes.add_group_losses(groups)
    yield 0, outcomes


def _look_through(lease: Lease[ImportRun]) -> None:
    run, network = lease.row, lease.network
    reading = reading_of(run)
    if not reading.surely_fits:
        for _entry in reading:
            pass  # A file that holds too much is refused here, after a single reading.
    report: dict[str, Any] = {"notices": [str(notice) for notice in reading.notices]}
    with transaction.atomic():
        network.import_rows.filter(run=run).delete()
        lease.step(report=report, rows_total=0)
    for number, outcomes in preview(network, run, reading):
        with transaction.atomic():
            report = outcomes.store(report)
            report |= _with_names_beyond_ascii(report, outcomes.rows)
            lease.step(report=report, rows_total=run.rows_total + number)
    lease.step(state=State.PREVIEW)


def _with_names_beyond_ascii(report: dict[str, Any], rows: Iterable[ImportRow]) -> dict[str, Any]:
    """Returns the report with a few names from the file that show the member whether its encoding was recognised."""
    names = [*report.get("names", ()), *(row.name for row in rows if not row.name.isascii())][:NAMES_SHOWN]
    return {"names": names} if names else {}


def _bring_in(lease: Lease[ImportRun]) -> None:
    run, network = lease.row, lease.network
    reading = reading_of(run)
    planner, groups = Planner(network, reading.format), Groups.of(reading)
    if not run.rows_done:
        lease.step(report={"notices": [str(notice) for notice in reading.notices]})
    position = 0
    pace = Pace(BATCH)
    for batch in paced(reading, lambda: pace.size):
        done_before = min(max(run.rows_done - position, 0), len(batch))
        position += len(batch)
        intakes = [planner.take_in(card) for card in groups.with_circles(batch)]
        if done_before == len(batch):
            continue
        cards_before = sum(isinstance(entry, Card) for entry in batch[:done_before])
        with pace.turn():
            _take_batch(lease, planner, intakes[cards_before:], batch[done_before:], position)
        if position - len(batch) < BATCH <= position:
            refresh_statistics()
    with transaction.atomic():
        outcomes = Outcomes(network, run, lists_all=False)
        outcomes.add_group_losses(groups)
        circles_by_name(network, groups.names())
        resolve(network, reading.format)
        report = outcomes.store(run.report)
        wipe_file(network, run)
        lease.step(state=State.DONE, report=report, rows_total=position, finished_at=timezone.now())
        hint("contacts.find_duplicates", network_id=network.pk)


def _take_batch(
    lease: Lease[ImportRun], planner: Planner, intakes: Sequence[Intake], batch: Sequence[object], position: int
) -> None:
    """Writes a batch with its progress; if it cannot be written as a whole, card by card, skipping those that fail."""
    try:
        with transaction.atomic():
            decisions = planner.decide(intakes)
            write(lease.network, lease.row, decisions)
            _finish_batch(lease, decisions, batch, position)
    except (LeaseLostError, *INTERRUPTIONS):
        raise
    except Exception:
        logger.exception("A batch of import %s could not be written as a whole.", lease.row.pk)
        with transaction.atomic():
            decisions = [_written_alone(lease, planner, intake) for intake in intakes]
            _finish_batch(lease, decisions, batch, position)
    planner.forget()


def _written_alone(lease: Lease[ImportRun], planner: Planner, intake: Intake) -> Decision:
    planner.forget()
    try:
        with transaction.atomic():
            decision = planner.decide_again(intake)
            write(lease.network, lease.row, [decision])
            return decision
    except INTERRUPTIONS:
        raise
    except Exception:
        logger.exception("An entry of import %s could not be written.", lease.row.pk)
        return Decision(intake.card, ImportRow.Outcome.SKIPPED, reason=_("This entry could not be stored."))


def _finish_batch(
    lease: Lease[ImportRun], decisions: Iterable[Decision], batch: Sequence[object], position: int
) -> None:
    outcomes = Outcomes(lease.network, lease.row, lists_all=False)
    for decision in decisions:
        outcomes.add_decision(decision)
    outcomes.add_skipped(entry for entry in batch if isinstance(entry, Skipped))
    for section, records in _by_section(batch):
        restored = restore(lease.network, section, records)
        outcomes.count(section, restored.added)
        for row, loss in restored.losses:
            outcomes.add_losses(row, [loss])
    report = outcomes.store(lease.row.report)
    lease.step(report=report, rows_done=position, attempts=0)


def _undo(lease: Lease[ImportRun]) -> None:
    pace = Pace(CHANGES_AT_ONCE)
    while True:
        with pace.turn(), transaction.atomic():
            is_undone = undo_some(lease.network, lease.row, pace.size)
            if is_undone:
                wipe_file(lease.network, lease.row)
                lease.step(state=State.UNDONE, finished_at=timezone.now())
                return
            lease.step(attempts=0, report=lease.row.report)


def _fail(lease: Lease[ImportRun], problem: str) -> None:
    lease.step(state=State.FAILED, problem=problem[:500], finished_at=timezone.now())


def paced(entries: Iterable[Entry | Record], size: Callable[[], int]) -> Iterator[list[Entry | Record]]:
    """Yields the entries in lists of `size()` entries each, or fewer if these are large."""
    batch: list[Entry | Record] = []
    characters = 0
    for entry in entries:
        batch.append(entry)
        characters += _length(entry)
        if len(batch) >= size() or characters > MOST_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _length(entry: Entry | Record) -> int:
    """Returns the size of an entry's long parts: characters of its texts and bytes of its picture."""
    if isinstance(entry, Card):
        return len(entry.notes) + len(entry.photo or b"") + sum(map(len, entry.extra))
    values = entry.values.values() if isinstance(entry, Record) else ()
    return sum(len(value) for value in values if isinstance(value, str | bytes | list))


def _by_section(batch: Iterable[object]) -> Iterator[tuple[str, list[Record]]]:
    records = (entry for entry in batch if isinstance(entry, Record))
    for section, some in groupby(records, key=lambda record: record.section):
        yield section, list(some)
