"""Background work that one worker at a time does."""

from __future__ import annotations

from django.db import models

from contacts.models.network import Owned


class Leased(Owned):
    """Work that one worker at a time holds; see contacts/database/leases.py. Subclasses declare their `state`.

    `heartbeat_at` is the lease: a worker that finds another value there than it wrote itself has lost it and stops.
    `attempts` counts how often the work was begun without any progress since.
    """

    state: models.CharField[str, str]

    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_interrupted(self) -> bool:
        """Whether it was begun, broke off, and waits for the next sweep to continue it."""
        return self.heartbeat_at is None and (self.state == "running" or self.attempts > 0)
