"""Fill a network with invented people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.management.owner import add_owner_argument, owned_network
from favours.sample.network import CONTACTS, FAVOURS, add_sample


class Command(BaseCommand):
    help = (
        "Add invented German and English people, and help of the last 24 months, to a network. The same seed brings "
        "the same ones. They leave as a whole by undoing the import in the browser."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("--contacts", type=int, default=CONTACTS, metavar="N")
        parser.add_argument("--favours", type=int, default=FAVOURS, metavar="M")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *, owner: str, contacts: int, favours: int, seed: int, **options: Any) -> None:
        """Add the sample, or exit with status 1 if a number is negative."""
        if contacts < 0 or favours < 0:
            raise CommandError("The numbers of contacts and favours cannot be negative.")
        add_sample(owned_network(owner), contacts=contacts, favours=favours, seed=seed)
        self.stdout.write(f"{contacts} contacts and {favours if contacts else 0} favours were added.")
