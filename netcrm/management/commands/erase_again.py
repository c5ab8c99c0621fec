"""`manage.py erase_again`: the last step of restoring a backup of PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand

from netcrm.restoring import erase_again


class Command(BaseCommand):
    help = "Erases again whom a restored backup brought back. Safe to repeat; see docs/backup.md."

    def handle(self, *arguments: Any, **options: Any) -> None:
        self.stdout.write(f"Erased again: {erase_again()}.")
