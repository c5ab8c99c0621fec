"""`manage.py backup FILE`: copies an embedded instance's database consistently, even while it runs."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.disk import is_disk_full
from contacts.transfer.whole_files import sync
from netcrm.database_file import DatabaseFileError, copy_database, dangling_rows


class Command(BaseCommand):
    help = "Saves the SQLite database to FILE. For PostgreSQL use pg_dump; see docs/backup.md."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write and check the copy, or exit with status 1 and the reason."""
        if not settings.EMBEDDED:
            raise CommandError("This instance uses PostgreSQL. Save it with pg_dump, as docs/backup.md says.")
        target: Path = options["file"]
        if target.exists():
            raise CommandError(f"{target} can't be made (File exists). Name another file.")
        draft = target.with_name(f"{target.name}.part")
        try:
            copy_database(settings.DATABASES["default"]["NAME"], draft)
            # Only a complete backup has its final name.
            draft.rename(target)
            sync(target.parent)
        except FileExistsError as problem:
            raise CommandError(
                f"{draft} is there already: another backup writes it, or one was cut off. Remove it if none runs."
            ) from problem
        except (OSError, DatabaseFileError, sqlite3.Error) as problem:
            if is_disk_full(problem):
                raise CommandError(f"The disk of {target} is full. Make room there, or name another file.") from problem
            if isinstance(problem, OSError):
                raise CommandError(f"{target} can't be made ({problem.strerror}). Name another file.") from problem
            raise CommandError(f"The backup failed, and there is no {target}: {problem}") from problem
        if dangling := dangling_rows(target):
            raise CommandError(f"Saved to {target}, but `restore` would refuse it: {dangling}.")
        self.stdout.write(f"Saved to {target}. docs/backup.md says how to restore it.")
