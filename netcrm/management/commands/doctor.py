"""Checks that the tables match the code, and the rules for rows beyond the constraints."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from favours.consistency import findings
from netcrm.schema import differences, newer_migrations


class Command(BaseCommand):
    help = (
        "Check that the database has the tables that this version wants, that the copies on participations say what "
        "their favours say, and that no row points into another member's network or to one that is gone. Prints each "
        "difference, and each broken rule with the number of rows; exit status 1 if there is any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong, and exit with status 1 if anything is."""
        unlike = differences()
        for name in newer_migrations():
            self.stdout.write(f"made by a newer netcrm: {name} is unknown")
        for difference in unlike:
            self.stdout.write(f"unlike this version: {difference.text}")
        if any(difference.matters for difference in unlike):
            self.stdout.write("The rows were not looked at.")
            raise SystemExit(1)
        found = list(findings())
        for rule, rows in found:
            self.stdout.write(f"broken in {rows} rows: {rule}")
        if found or unlike:
            raise SystemExit(1)
        self.stdout.write("All is well.")
