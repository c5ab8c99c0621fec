"""Compute the meanings of a network's texts now, and print the engines used."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.management.owner import owned_network
from contacts.matching.vectors import compute
from contacts.meaning import client
from contacts.meaning.client import NoMeaningError
from contacts.models import Network


class Command(BaseCommand):
    help = "Compute what the texts of a member's network mean, as far as that is missing, and print by which engines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--owner", metavar="EMAIL", help="the member whose network it is")
        whose.add_argument("--all", action="store_true", help="the networks of all members")

    def handle(self, *, owner: str | None, **options: Any) -> None:
        networks = [owned_network(owner)] if owner else list(Network.objects.select_related("owner"))
        try:
            with client.working_here():
                texts, version = sum(compute(network) for network in networks), client.version()
        except NoMeaningError as problem:
            raise CommandError(
                f"No engine answers ({problem}) Words match alone. docs/settings.md says how to switch it on."
            ) from problem
        self.stdout.write(f"engine: {version}")
        self.stdout.write(f"texts: {texts}")
