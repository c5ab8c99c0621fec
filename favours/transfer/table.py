"""Importing past help from a table: `id,day,direction,kind,contacts,note,passes_on`.

The same file again adds nothing: each row has a client key made of its id and contents. A row is logged with all the
people it names, or not at all; problems are reported row by row.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.cards import UnreadableFileError
from contacts.database.batches import batches
from contacts.files import encoding
from contacts.files.tables.rows import unguarded
from contacts.models import Contact, Network
from contacts.text import clean
from favours.journal.writing import Entry, log_favours
from favours.models import Favour
from favours.transfer.named_people import NamedPeople, UnclearNameError

COLUMNS = ("id", "day", "direction", "kind", "contacts", "note", "passes_on")
REQUIRED = ("day", "direction", "kind", "contacts")
DELIMITERS = (",", ";", "\t")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Bounds:
    """Maximum numbers of rows in a table, of names in all of them, and of refused rows, each of which costs a retry."""

    rows: int = 200_000
    names: int = 1_000_000
    refused: int = 200_000


WHILE_WAITING = Bounds(rows=2_000, names=4_000, refused=200)
"""Bounds of a table that is imported in one request, while the member waits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a row was left out, with what to do about it. `row` is its number below the header, from 1."""

    row: int
    reason: str


@dataclass
class Result:
    """The outcome of the rows; each counts as exactly one of created, unchanged and skipped."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    skipped: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is valid by itself."""

    number: int
    id: str
    day: date
    direction: str
    kind: str
    people: tuple[str, ...]
    note: str
    passes_on: str
    client_key: uuid.UUID


def import_favours(network: Network, data: bytes, bounds: Bounds = Bounds()) -> Result:
    """Logs the rows of a table, 500 at a time. Raises UnreadableFileError for any other file, or one out of bounds."""
    result = Result()
    rows = _without_loose_ends(_sound_rows(network, data, result, bounds), result)
    logged: dict[str, Favour] = {}
    people = NamedPeople(network)
    # Help received comes first: help given may pass it on.
    for direction in (Favour.Direction.RECEIVE, Favour.Direction.GIVE):
        for some in batches((row for row in rows if row.direction == direction), AT_ONCE):
            fresh = _without_known(network, some, logged, result)
            try:
                _log(network, fresh, people, logged)
                result.created += len(fresh)
            except (ValidationError, UnclearNameError):
                _log_one_by_one(network, fresh, people, logged, result, bounds)
    result.skipped.sort(key=lambda problem: problem.row)
    return result


def _sound_rows(network: Network, data: bytes, result: Result, bounds: Bounds) -> list[Row]:
    rows: list[Row] = []
    seen: dict[str, int] = {}
    ids: set[str] = set()
    names = 0
    for number, cells in enumerate(_table(data), start=1):
        result.read += 1
        names += cells.get("contacts", "").count(";") + 1
        if number > bounds.rows or names > bounds.names:
            raise UnreadableFileError(
                _("At most %(rows)s rows with %(names)s names fit into a file. Split it and import the parts in turn.")
                % {"rows": bounds.rows, "names": bounds.names}
            )
        try:
            row = _row(network, number, cells, seen)
            if row.id and row.id in ids:
                raise ValueError(_("The id %(id)s stands in an earlier row. Give each row its own.") % {"id": row.id})
        except ValueError as problem:
            result.skipped.append(Problem(number, str(problem)))
            continue
        ids.add(row.id)
        rows.append(row)
    return rows


def _table(data: bytes) -> Iterator[dict[str, str]]:
    """Yields the rows as dictionaries, skipping empty ones."""
    lines = list(encoding.lines(encoding.as_utf8(data)))
    header = lines[0].casefold() if lines else ""
    delimiter = max(DELIMITERS, key=lambda character: len(_names(header, character) & set(COLUMNS)))
    if missing := [name for name in REQUIRED if name not in _names(header, delimiter)]:
        raise UnreadableFileError(
            _("The first row has to name the columns %(columns)s; it lacks %(missing)s.")
            % {"columns": ", ".join(COLUMNS), "missing": ", ".join(missing)}
        )
    reader = csv.reader(StringIO("\n".join(lines[1:])), delimiter=delimiter)
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield {name: clean(encoding.repaired(cell)) for name, cell in zip(names, cells, strict=False)}
    except csv.Error:
        raise UnreadableFileError(_("A quotation mark in the file is never closed.")) from None


def _names(header: str, delimiter: str) -> set[str]:
    return {name.strip(' "') for name in header.split(delimiter)}


def _row(network: Network, number: int, cells: dict[str, str], seen: dict[str, int]) -> Row:
    """Returns the row in these cells. Raises ValueError with the problem and what to do."""
    values = {name: unguarded(cells.get(name, "").strip()) for name in COLUMNS}
    try:
        day = date.fromisoformat(values["day"])
    except ValueError:
        raise ValueError(_("“%(day)s” is no day. Write it as 2025-01-31.") % {"day": values["day"][:30]}) from None
    direction, kind = values["direction"].lower(), values["kind"].lower()
    if direction not in Favour.Direction.values:
        raise ValueError(_("The direction has to be “give” or “receive”."))
    if kind not in Favour.Kind.values:
        raise ValueError(_("The kind has to be one of %(kinds)s.") % {"kinds": ", ".join(Favour.Kind.values)})
    people = tuple(dict.fromkeys(" ".join(name.split()) for name in values["contacts"].split(";") if name.strip()))
    if not people:
        raise ValueError(_("Nobody is named. Put a name or an e-mail address into “contacts”."))
    if values["passes_on"] and direction != Favour.Direction.GIVE:
        raise ValueError(_("Only help that you gave can pass something on. Empty “passes_on”, or make it “give”."))
    content = "\x1f".join((day.isoformat(), direction, kind, ";".join(people), values["note"], values["passes_on"]))
    if not values["id"]:
        # Equal rows without an id are distinguished by their ordinal.
        seen[content] = seen.get(content, 0) + 1
        content = f"{content}\x1f{seen[content]}"
    key = uuid.uuid5(network.uuid, f"{values['id']}\x1f{content}")
    return Row(number, values["id"], day, direction, kind, people, values["note"], values["passes_on"], key)


def _without_loose_ends(rows: list[Row], result: Result) -> list[Row]:
    """Returns the rows without those whose `passes_on` is not help received in the file."""
    received = {row.id for row in rows if row.id and row.direction == Favour.Direction.RECEIVE}
    for row in rows:
        if row.passes_on and row.passes_on not in received:
            reason = _("“passes_on” has to be the id of a row of this file with help received; %(id)s is none.")
            result.skipped.append(Problem(row.number, reason % {"id": row.passes_on[:30]}))
    return [row for row in rows if not row.passes_on or row.passes_on in received]


def _without_known(network: Network, rows: list[Row], logged: dict[str, Favour], result: Result) -> list[Row]:
    """Returns the rows that were not logged before; favours that were logged keep the member's edits."""
    keys = [row.client_key for row in rows]
    favours = network.favours(manager="with_trash").filter(client_key__in=keys)
    known = {favour.client_key: favour for favour in favours}
    logged |= {row.id: known[row.client_key] for row in rows if row.client_key in known}
    result.unchanged += len(known)
    return [row for row in rows if row.client_key not in known]


@transaction.atomic
def _log(network: Network, rows: Iterable[Row], people: NamedPeople, logged: dict[str, Favour]) -> None:
    """Logs rows with the people that they name, all or nothing. Raises ValidationError and UnclearNameError."""
    rows = list(rows)
    with people.found({name for row in rows for name in row.people}) as contacts:
        favours = log_favours(network, [_entry(row, contacts, logged) for row in rows])
    logged |= {row.id: favour for row, favour in zip(rows, favours, strict=True) if row.id}


def _log_one_by_one(
    network: Network,
    rows: Iterable[Row],
    people: NamedPeople,
    logged: dict[str, Favour],
    result: Result,
    bounds: Bounds,
) -> None:
    for row in rows:
        if len(result.skipped) >= bounds.refused:
            reason = _("Not tried, as too many rows before it could not be logged. Correct those and import it again.")
            result.skipped.append(Problem(row.number, reason))
            continue
        try:
            _log(network, [row], people, logged)
        except (ValidationError, UnclearNameError) as problem:
            reason = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
            result.skipped.append(Problem(row.number, reason))
        else:
            result.created += 1


def _entry(row: Row, contacts: dict[str, Contact], logged: dict[str, Favour]) -> Entry:
    if row.passes_on and row.passes_on not in logged:
        raise ValidationError(_("What it passes on, row %(id)s, could not be logged.") % {"id": row.passes_on[:30]})
    return Entry(
        direction=row.direction,
        kind=row.kind,
        day=row.day,
        contacts=[contacts[name] for name in row.people],
        note=row.note,
        passes_on=logged.get(row.passes_on) if row.passes_on else None,
        client_key=row.client_key,
    )
