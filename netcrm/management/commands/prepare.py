"""`manage.py prepare`: the one step before the processes of a new version start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from netcrm.instance import prepare_instance, prepare_static_files


class Command(BaseCommand):
    help = "Creates or updates the database tables and collects the static files. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="leave the database alone")

    def handle(self, *arguments: Any, **options: Any) -> None:
        if options["static_only"]:
            prepare_static_files()
        else:
            prepare_instance()
