"""The stored summary of a whole network as of one day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Owned, owner_key


class Summary(Owned):
    """The figures of favours/reciprocity.py as of one day.

    The running summary has no `month`; each kept month has its first day there and its last day as `as_of`. `revision`
    is the network's revision that the figures rest on and `definition` the gate and version they were made by.
    """

    network = owner_key("summaries")
    month = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    revision = models.BigIntegerField()
    definition = models.CharField(max_length=64)
    figures = models.JSONField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "month"], condition=Q(month__isnull=False), name="summary_of_month"
            ),
            models.UniqueConstraint(fields=["network"], condition=Q(month=None), name="summary_running"),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}"
