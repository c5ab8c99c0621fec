"""`manage.py erase_again`: the last step of restoring a PostgreSQL backup."""

from typing import Any

from django.core.management.base import BaseCommand

from netcrm.restoring import erase_again


class Command(BaseCommand):
    help = "Erases again whom a restored backup brought back. Safe to repeat; see docs/backup.md."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Repeat the erasures, and print the number of contacts and members erased."""
        self.stdout.write(f"Erased again: {erase_again()}.")
