"""Tasks of the worker: thin, idempotent, safe to run at any time."""

from celery import shared_task

from accounts import invitations, members, remains
from accounts.mail import outbox
from accounts.signing_in import attempts
from accounts.signing_in import links as sign_in_links


@shared_task(name="accounts.send_due_mail")
def send_due_mail() -> None:
    """Send the mails that are due, then empty old ones and delete very old ones."""
    outbox.send_due_mail()
    outbox.wipe_old_mail()
    outbox.forget_old_mail()


@shared_task(name="accounts.wipe_remains")
def wipe_remains() -> None:
    """Truncate SQLite's write-ahead log, which still holds recently deleted rows."""
    remains.wipe()


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete expired sessions, with the IP addresses that they came from."""
    members.clear_sessions()


@shared_task(name="accounts.clear_sign_in")
def clear_sign_in() -> None:
    """Delete counts of tries whose window is over, expired sign-in links, and expired invitations."""
    attempts.forget_old_tries()
    sign_in_links.forget_old_sign_in_links()
    invitations.forget_old_invitations()
