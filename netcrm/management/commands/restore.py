"""`manage.py restore FILE`: puts a backup in the place of an embedded instance's database."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netcrm.instance import prepare_database
from netcrm.restoring import erase_again, replace_database
from netcrm.serving.preconditions import StartError, locked_folder


class Command(BaseCommand):
    help = "Restores the SQLite database from FILE. For PostgreSQL use pg_restore; see docs/backup.md."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="made by `make backup`")
        parser.add_argument("--replace", action="store_true", help="give up the database that is there")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Restore, update the tables, and erase again who was erased after the backup."""
        if not settings.EMBEDDED:
            raise CommandError("This instance uses PostgreSQL. Restore it with pg_restore, as docs/backup.md says.")
        backup: Path = options["file"]
        database: Path = settings.DATABASES["default"]["NAME"]
        if not backup.is_file():
            raise CommandError(f"There is no file {backup}.")
        if database.exists() and not options["replace"]:
            raise CommandError(f"{database} would be lost. Save it by `make backup` first, then add --replace.")
        try:
            with locked_folder(settings.DATA_DIR):
                replace_database(backup, database)
                prepare_database()
                erased = erase_again()
        except StartError as problem:
            raise CommandError(str(problem)) from None
        except (OSError, sqlite3.Error) as problem:
            raise CommandError(f"{backup} can't be restored, and nothing has changed: {problem}") from problem
        self.stdout.write(f"Restored from {backup}. Erased again: {erased}.")
