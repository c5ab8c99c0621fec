"""Import past help from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.cards import UnreadableFileError
from contacts.files.limits import check_file_size
from contacts.management.owner import add_owner_argument, owned_network
from favours.transfer.table import COLUMNS, import_favours


class Command(BaseCommand):
    help = (
        f"Import help of the past from a table with the columns {', '.join(COLUMNS)}. Several people are parted by ;, "
        "unknown ones are added. The same file again adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, owner: str, file: Path, **options: Any) -> None:
        """Import the file, or exit with status 1 and the reason."""
        network = owned_network(owner)
        try:
            check_file_size(file.stat().st_size)
            result = import_favours(network, file.read_bytes())
        except UnreadableFileError as error:
            raise CommandError(f"{file}: {error.reason}") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result), ensure_ascii=False))
            return
        self.stdout.write(
            f"{result.read} read, {result.created} created, {result.unchanged} unchanged, {len(result.skipped)} skipped"
        )
        for problem in result.skipped:
            self.stdout.write(f"  {problem.row}: {problem.reason}")
