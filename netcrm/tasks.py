"""The worker's own tasks."""

from celery import shared_task

from netcrm.models import Heartbeat, record_heartbeat


@shared_task(name="netcrm.heartbeat")
def heartbeat() -> None:
    """Record that a task published by beat has reached a worker through the broker."""
    record_heartbeat(Heartbeat.Process.WORKER)
