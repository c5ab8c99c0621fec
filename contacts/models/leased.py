"""Background work that one worker at a time may do."""

from __future__ import annotations

from django.db import models

from contacts.models.network import Owned


class Leased(Owned):
    """Work leased to one worker at a time; see contacts/database/leases.py. Subclasses declare their `state`.

    `heartbeat_at` is the lease: a worker that finds a value other than the one it wrote has lost the lease and stops.
    `attempts` counts how often the work was started since it last made progress.
    """

    state: models.CharField[str, str]

    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_interrupted(self) -> bool:
        """Whether the work was started, broke off, and is waiting for the next sweep to continue it."""
        return self.heartbeat_at is None and (self.state == "running" or self.attempts > 0)
