"""Entry points for the worker: thin, idempotent, safe to run at any time."""

from celery import shared_task

from accounts import members, outbox, remains


@shared_task(name="accounts.send_due_mail")
def send_due_mail() -> None:
    """Send the mails that are due, then empty old ones."""
    outbox.send_due_mail()
    outbox.wipe_old_mail()


@shared_task(name="accounts.wipe_remains")
def wipe_remains() -> None:
    """Empty SQLite's write-ahead log, which holds what was deleted since."""
    remains.wipe()


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that are over, with the addresses that they came from."""
    members.clear_sessions()
