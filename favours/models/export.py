"""Exports written in the background."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Leased, StoredFile, owner_key


class Export(Leased):
    """A file of the member's data: requested by the member, written by a worker, kept for a few days for download.

    It covers everything, or only what concerns one `contact`. `format` is a key of favours/transfer/formats.py.
    `rows_done` of `rows_total` pieces have been written.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("about to start")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    network = owner_key("exports")
    format = models.CharField(max_length=16)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="exports")
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(fields=["network", "created_at"], name="export_by_network"),
            models.Index(fields=["state", "heartbeat_at"], name="export_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.state}"
