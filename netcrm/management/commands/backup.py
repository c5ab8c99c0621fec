"""`manage.py backup FILE`: a consistent copy of an embedded instance's database, also while it runs."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


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
            # Made anew and for our eyes only: it holds everything.
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as problem:
            raise CommandError(f"{target} can't be made ({problem.strerror}). Name another file.") from problem
        try:
            copy_database(settings.DATABASES["default"]["NAME"], target)
        except sqlite3.Error as problem:
            target.unlink()
            raise CommandError(f"The backup failed and {target} was removed: {problem}") from problem
        self.stdout.write(f"Saved to {target}. docs/backup.md says how to restore it.")


def copy_database(source: Path, target: Path) -> None:
    """Copy the database `source` to `target` in one consistent state and check the copy. Raises sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(source)) as live, contextlib.closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        # A single file, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
