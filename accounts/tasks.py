"""Entry points for the worker: thin, idempotent, safe to run at any time."""

from celery import shared_task

from accounts import outbox


@shared_task(name="accounts.send_due_mail")
def send_due_mail() -> None:
    """Send the mails that are due, then empty old ones."""
    outbox.send_due_mail()
    outbox.wipe_old_mail()
