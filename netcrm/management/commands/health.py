"""`manage.py health [CHECK...]`: prints the states of /health/, for the health checks of a process manager."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from netcrm.health import CHECKS, check_health


class Command(BaseCommand):
    help = "Prints the states of the checks as JSON; the exit code is 0 if all are ok."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"any of: {', '.join(CHECKS)} (default: all)")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Print the states. Exit with status 1 unless all are "ok", and with 2 for an unknown check."""
        names = tuple(options["checks"]) or CHECKS
        if unknown := set(names) - set(CHECKS):
            self.stderr.write(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}")
            raise SystemExit(2)
        states = check_health(names)
        self.stdout.write(json.dumps(states))
        if any(state != "ok" for state in states.values()):
            raise SystemExit(1)
