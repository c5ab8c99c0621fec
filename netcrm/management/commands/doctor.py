"""`manage.py doctor`: checks the data folder, that the tables match the code, and rules that no constraint enforces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from favours.consistency import findings
from netcrm import data_folder
from netcrm.schema import differences, newer_migrations


class Command(BaseCommand):
    help = (
        "Check that the data folder can be written and has room, that the database has the tables that this version "
        "wants, that the copies on participations say what their favours say, and that no row points into another "
        "member's network or to one that is gone. Prints each difference, and each broken rule with the number of "
        "rows; exit status 1 if there is any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print all problems, and exit with status 1 if there are any."""
        database = Path(settings.DATABASES["default"]["NAME"]) if settings.EMBEDDED else None
        in_folder = list(data_folder.findings(settings.DATA_DIR, database))
        for finding in in_folder:
            self.stdout.write(finding)
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
        if found or unlike or in_folder:
            raise SystemExit(1)
        self.stdout.write("All is well.")
