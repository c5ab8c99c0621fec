"""Check what must hold in the database beyond its constraints."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from favours.consistency import findings


class Command(BaseCommand):
    help = (
        "Check that the copies on participations say what their favours say, and that no row points into another "
        "member's network or to one that is gone. Prints each broken rule with the number of rows; exit status 1 if "
        "there is any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(findings())
        for rule, rows in found:
            self.stdout.write(f"broken in {rows} rows: {rule}")
        if found:
            raise SystemExit(1)
        self.stdout.write("All is well.")
