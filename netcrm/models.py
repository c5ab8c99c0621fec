"""Records that the instance's processes keep about themselves."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last time that the worker or beat was active; see netcrm/health.py."""

    class Process(models.TextChoices):
        WORKER = "worker", _("worker")
        BEAT = "beat", _("beat")

    process = models.CharField(max_length=8, choices=Process.choices, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.process


def record_heartbeat(process: Heartbeat.Process) -> None:
    """Record that `process` is active now."""
    Heartbeat.objects.update_or_create(process=process, defaults={"seen_at": timezone.now()})
