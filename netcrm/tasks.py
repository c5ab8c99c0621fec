"""The worker's own jobs."""

from celery import shared_task

from netcrm.models import Heartbeat, record_heartbeat


@shared_task(name="netcrm.heartbeat")
def heartbeat() -> None:
    """Show that a job gets from beat through the broker to a worker."""
    record_heartbeat(Heartbeat.Process.WORKER)
