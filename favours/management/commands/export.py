"""Export a member's data from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.events import note
from contacts.management.owner import add_owner_argument, owned_network
from contacts.transfer.whole_files import whole_file
from favours.transfer.formats import FORMATS, pieces_of


class Command(BaseCommand):
    help = "Export everything that a member has in netcrm (json), or the contacts for other programs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--out", metavar="FILE", type=Path, required=True)

    def handle(self, *, owner: str, out: Path, **options: Any) -> None:
        """Write the file completely or not at all: an unfinished file never has this name."""
        network = owned_network(owner)
        try:
            with (
                whole_file(out) as unfinished,
                unfinished.open("wb") as file,
                pieces_of(network, options["format"]) as pieces,
            ):
                file.writelines(pieces)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror or error}") from error
        note("export written by command", network.owner, kind=options["format"])
