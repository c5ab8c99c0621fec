"""`manage.py backup FILE`: a consistent copy of an embedded instance's database, also while it runs."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netcrm.restoring import copy_database


class Command(BaseCommand):
    help = "Saves the SQLite database to FILE. For PostgreSQL use pg_dump; see docs/backup.md."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")

    def handle(self, *arguments: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("This instance uses PostgreSQL. Save it with pg_dump, as docs/backup.md says.")
        target: Path = options["file"]
        try:
            copy_database(settings.DATABASES["default"]["NAME"], target)
        except OSError as problem:
            raise CommandError(f"{target} can't be made ({problem.strerror}). Name another file.") from problem
        except sqlite3.Error as problem:
            raise CommandError(f"The backup failed and {target} was removed: {problem}") from problem
        self.stdout.write(f"Saved to {target}. docs/backup.md says how to restore it.")
