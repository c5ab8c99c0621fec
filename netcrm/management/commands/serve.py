"""`manage.py serve`: runs everything that an instance on a single machine needs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from accounts.invitations import setup_link
from netcrm.instance import prepare_instance
from netcrm.schema import SchemaError
from netcrm.serving.preconditions import StartError
from netcrm.serving.supervisor import Supervisor


class Command(BaseCommand):
    help = "Prepares the instance, runs broker, web server, worker and beat, and says where to open netcrm."
    requires_system_checks = []

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Run until a signal stops it, or exit with status 1 and the reason."""
        try:
            Supervisor(prepare=self.prepare, announce=self.announce).run()
        except StartError as problem:
            self.stderr.write(self.style.ERROR(str(problem)))
            raise SystemExit(1) from None

    def prepare(self) -> None:
        """Update tables and static files. Raises StartError."""
        try:
            prepare_instance()
        except SchemaError as problem:
            raise StartError(str(problem)) from problem
        # The supervisor forks, and child processes must not inherit an open SQLite connection.
        connections.close_all()

    def announce(self) -> None:
        """Print the address of the instance, or the set-up link if it has no members."""
        link = setup_link(settings.BASE_URL)
        connections.close_all()
        if link:
            self.stdout.write(f"\nnetcrm is ready. Open this link to become its first member: {link}\n")
        else:
            self.stdout.write(f"\nnetcrm is ready. Open {settings.BASE_URL}/\n")
        self.stdout.flush()
