"""Collecting the outcomes of a file's entries: all are counted, and those that may interest the member are listed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contacts.cards import Loss, Skipped, Text
from contacts.files.vcard.groups import Groups
from contacts.importing.described import described
from contacts.importing.plan import Decision
from contacts.models import ImportRow, ImportRun, Network

Outcome = ImportRow.Outcome

COUNTED = (Outcome.CREATED, Outcome.MERGED, Outcome.UNCHANGED, Outcome.SKIPPED)


@dataclass
class Outcomes:
    """The outcomes of some entries of a run. `counts` counts each person once; `rows` are still unsaved.

    A preview lists every entry, a run only those that are neither new nor unchanged.
    """

    network: Network
    run: ImportRun
    lists_all: bool
    counts: dict[str, int] = field(default_factory=dict)
    rows: list[ImportRow] = field(default_factory=list)

    def add_decision(self, decision: Decision, alike: uuid.UUID | None = None) -> None:
        """Adds the outcome of one card; `alike` is the UUID of a contact that somebody new resembles."""
        outcome, person = decision.outcome, decision.person
        # A skipped person was deleted before, so the record of the import must not name them again.
        name = "" if outcome == Outcome.SKIPPED and not self.lists_all else decision.card.display_name
        self._count(outcome)
        if self.lists_all or outcome in (Outcome.MERGED, Outcome.SKIPPED):
            self.rows.append(
                self._row(
                    decision.card.row,
                    outcome,
                    name=name,
                    contact_id=person.contact_id if person else None,
                    fields=decision.changes.names(),
                    details=_details(decision) if self.lists_all else [],
                    alike=alike,
                    reason=decision.reason,
                )
            )
        if alike is not None:
            self.count("alike", 1)
        if decision.news and person is not None:
            self.count("news", 1)
            self.rows.append(
                self._row(
                    decision.card.row,
                    Outcome.NEWS,
                    name=name,
                    contact_id=person.contact_id,
                    fields=list(decision.news),
                    details=list(decision.news.values()),
                )
            )
        contact_id = person.contact_id if person else None
        self.add_losses(decision.card.row, decision.losses, name=name, contact_id=contact_id)

    def add_skipped(self, entries: Iterable[Skipped]) -> None:
        """Adds entries that do not describe anybody."""
        for skipped in entries:
            self._count(Outcome.SKIPPED)
            self.rows.append(self._row(skipped.row, Outcome.SKIPPED, name=skipped.text, reason=skipped.reason))

    def add_group_losses(self, groups: Groups) -> None:
        """Adds the losses of circles some of whose members are not in the file."""
        for group, loss in groups.losses():
            self.add_losses(group.row, [loss], name=group.name)

    def add_losses(self, row: int, losses: Iterable[Loss], *, name: str = "", contact_id: int | None = None) -> None:
        """Adds the losses of an entry; if its contact is given, the rows are erased with it."""
        for loss in losses:
            self.counts["lost"] = self.counts.get("lost", 0) + 1
            lost = self._row(
                row, Outcome.LOST, name=name, contact_id=contact_id, fields=[loss.field], reason=loss.reason
            )
            self.rows.append(lost)

    def count(self, section: str, number: int) -> None:
        """Counts entries other than people, such as conversations."""
        if number:
            self.counts[section] = self.counts.get(section, 0) + number

    def store(self, report: dict[str, Any]) -> dict[str, Any]:
        """Stores the rows and returns the report with the counts added."""
        self.network.import_rows.bulk_create(self.rows, batch_size=500)
        return report | {name: report.get(name, 0) + number for name, number in self.counts.items()}

    def _count(self, outcome: ImportRow.Outcome) -> None:
        for name in ("read", outcome.value):
            self.counts[name] = self.counts.get(name, 0) + 1

    def _row(
        self,
        row: int,
        outcome: ImportRow.Outcome,
        *,
        name: str = "",
        contact_id: int | None = None,
        fields: list[str] | None = None,
        details: list[str] | None = None,
        alike: uuid.UUID | None = None,
        reason: Text = "",
    ) -> ImportRow:
        return ImportRow(
            network=self.network,
            run=self.run,
            row=row,
            outcome=outcome,
            name=name[:400],
            contact_id=contact_id,
            fields=fields or [],
            details=details or [],
            alike=alike,
            reason=str(reason)[:500],
        )


def _details(decision: Decision) -> list[str]:
    """Returns the values that would be written, in words: all for a new contact, the added ones for an existing one."""
    if decision.outcome == Outcome.CREATED and decision.person is not None:
        return described(decision.person.fields, decision.person.ways.values())
    return described(decision.changes.after, decision.changes.ways.values())


def fields_read(rows: Iterable[ImportRow]) -> Iterator[dict[str, Any]]:
    """Yields rows in the form that scripts read: row and reason, and the field for losses."""
    for row in rows:
        lost = {"field": row.fields[0]} if row.outcome == Outcome.LOST else {}
        yield {"row": row.row, **lost, "reason": row.reason}
