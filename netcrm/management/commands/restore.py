"""`manage.py restore FILE`: replaces an embedded instance's database by a backup."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netcrm.restoring import RestoreError, restore_database
from netcrm.serving.preconditions import StartError, locked_folder


class Command(BaseCommand):
    help = "Restores the SQLite database from FILE. For PostgreSQL use pg_restore; see docs/backup.md."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="made by `make backup`")
        parser.add_argument("--replace", action="store_true", help="keep the database that is there under another name")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Check a copy of the backup, migrate it and repeat later erasures; only then replace the database."""
        if not settings.EMBEDDED:
            raise CommandError("This instance uses PostgreSQL. Restore it with pg_restore, as docs/backup.md says.")
        backup: Path = options["file"]
        database: Path = settings.DATABASES["default"]["NAME"]
        if not backup.is_file():
            raise CommandError(f"There is no file {backup}.")
        if database.exists() and not options["replace"]:
            raise CommandError(
                f"{database} is there already. To put the backup in its place and keep that one beside it, add "
                "--replace (with make: REPLACE=1)."
            )
        try:
            with locked_folder(settings.DATA_DIR):
                erased, kept = restore_database(backup, database)
        except StartError as problem:
            raise CommandError(str(problem)) from None
        except RestoreError as problem:
            raise CommandError(f"{backup} can't be restored, and nothing has changed. {problem}") from problem
        self.stdout.write(f"Restored from {backup}. Erased again: {erased}.")
        if kept:
            self.stdout.write(
                f"What was there is kept as {kept}. Remove it once all is well; "
                f"to get it back: make restore FILE={kept} REPLACE=1"
            )
