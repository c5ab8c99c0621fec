"""The stored summary of a whole network as of one day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Owned, owner_key


class Summary(Owned):
    """The figures that favours/reciprocity computes, as of one day.

    The running summary has no `month`; `day_begins` and `day_ends` are the timestamps between which its day is the
    member's today. A stored month has its first day as `month` and its last day as `as_of`. `revision` is the network
    revision that the figures are based on, and `definition` identifies the gate and the version that produced them.
    Written only by favours/reciprocity/summaries.py.
    """

    network = owner_key("summaries")
    month = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    day_begins = models.DateTimeField(null=True, blank=True)
    day_ends = models.DateTimeField(null=True, blank=True)
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
        indexes = [
            # The sweep finds stale summaries through these indexes, however many networks there are.
            models.Index(fields=["day_begins"], condition=Q(month=None), name="summary_day_begins"),
            models.Index(fields=["day_ends"], condition=Q(month=None), name="summary_day_ends"),
            models.Index(fields=["definition"], condition=Q(month=None), name="summary_definition"),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}"
