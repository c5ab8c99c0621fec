"""`manage.py prepare`: the one step before the processes of a new version start."""

from typing import Any

from django.core.management.base import BaseCommand

from netcrm.instance import prepare_instance


class Command(BaseCommand):
    help = "Creates or updates the database tables and collects the static files. Safe to repeat."
    requires_system_checks = []

    def handle(self, *arguments: Any, **options: Any) -> None:
        prepare_instance()
