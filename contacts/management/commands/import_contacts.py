"""Import contacts from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.cards import UnreadableFileError
from contacts.files.limits import check_file_size
from contacts.files.own.fields import MAX_BYTES
from contacts.files.reading import read
from contacts.importing.outcomes import fields_read
from contacts.importing.restorers import sections
from contacts.importing.running import bring_in_now, preview
from contacts.importing.runs import UNDER_WAY, State
from contacts.management.owner import add_owner_argument, owned_network
from contacts.models import ImportRow, ImportRun, Network

COUNTS = ("read", "created", "merged", "unchanged")
LISTS = (ImportRow.Outcome.SKIPPED, ImportRow.Outcome.LOST)


class Command(BaseCommand):
    help = (
        "Import contacts from vCard, CSV (Google, LinkedIn, Outlook, Thunderbird and others), Monica's JSON or "
        "netcrm's own export. The same file again adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, files: list[Path], dry_run: bool, **options: Any) -> None:
        """Import the files one after the other; a file that cannot be read does not stop the others."""
        network = owned_network(owner)
        result: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {name.value: [] for name in LISTS}
        problems = []
        for path in files:
            try:
                data = _contents(path)
                found = _try_out(network, path, data) if dry_run else _bring_in(network, path, data)
            except UnreadableFileError as error:
                problems.append(f"{path}: {error.reason}")
                continue
            except OSError as error:
                problems.append(f"{path}: {error.strerror or error}")
                continue
            if problem := found.pop("problem", ""):
                problems.append(f"{path}: {problem}")
            for name, value in found.items():
                result[name] += value
        self._print(result, as_json=options["json"])
        if problems:
            raise CommandError("\n".join(problems))

    def _print(self, result: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(", ".join(f"{result[name]} {name}" for name in COUNTS))
        for outcome in LISTS:
            self.stdout.write(f"{len(result[outcome.value])} {outcome.value}")
            for entry in result[outcome.value]:
                field = f" {entry['field']}:" if entry.get("field") else ""
                self.stdout.write(f"  {entry['row']}:{field} {entry['reason']}")


def _contents(path: Path) -> bytes:
    """Return the bytes of a file. Raises UnreadableFileError, without reading it, if it is far too large."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        check_file_size(size)
    return path.read_bytes()


def _bring_in(network: Network, path: Path, data: bytes) -> dict[str, Any]:
    run = bring_in_now(network, name=path.name, data=data)
    result: dict[str, Any] = {name: run.report.get(name, 0) for name in COUNTS}
    rows = network.import_rows.filter(run=run)
    for outcome in LISTS:
        result[outcome.value] = list(fields_read(rows.filter(outcome=outcome)))
    if run.state in UNDER_WAY:
        return result | {"problem": "A worker has taken the import over and goes on with it."}
    return result | ({"problem": run.problem} if run.state == State.FAILED else {})


def _try_out(network: Network, path: Path, data: bytes) -> dict[str, Any]:
    result: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {name.value: [] for name in LISTS}
    reading = read(data, sections=sections())
    run = ImportRun(network=network, file_name=path.name, format=reading.format)
    for _number, outcomes in preview(network, run, reading):
        for name in COUNTS:
            result[name] += outcomes.counts.get(name, 0)
        for outcome in LISTS:
            result[outcome.value] += fields_read(row for row in outcomes.rows if row.outcome == outcome)
    return result
