"""`manage.py prepare`: updates the instance before the processes of a new version start."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netcrm.instance import prepare_instance, prepare_static_files
from netcrm.schema import SchemaError
from netcrm.serving.preconditions import StartError, locked_folder


class Command(BaseCommand):
    help = "Creates or updates the database tables and collects the static files. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="leave the database alone")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Prepare the instance, or exit with status 1 and the reason."""
        if options["static_only"]:
            prepare_static_files()
        else:
            try:
                # A running instance would see half-migrated tables, and a restore would replace them.
                with locked_folder(settings.DATA_DIR) if settings.EMBEDDED else nullcontext():
                    prepare_instance()
            except (SchemaError, StartError) as problem:
                raise CommandError(str(problem)) from problem
