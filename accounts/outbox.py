"""The outbox: every mail, sign-in mails included, is a row first and is sent from there.

A row goes queued -> sending -> sent, or from sending to retry (and back), failed or expired. A mail is claimed by a
conditional update, so that of several workers one sends it. A crash between the server's yes and our commit sends a
mail a second time, under the same Message-ID; nothing else does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.jobs import hint
from accounts.models import OutgoingMail, User
from accounts.transport import DeferredError, RefusedError, deliver, discard_copy

logger = logging.getLogger(__name__)

State = OutgoingMail.State

SIGN_IN = "sign-in"
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""The waits after the first, second, ... failed attempt."""
MOST_ATTEMPTS = len(WAITS) + 1
LEASE = timedelta(minutes=10)
"""After this long in `sending` the worker must have died; far longer than the longest attempt."""
SIGN_IN_LASTS = timedelta(days=1)
"""A sign-in mail is of no use, and a risk, after this long: it is neither sent any more nor kept."""
KEPT_FOR = timedelta(days=30)
BATCH = 100


def queue_mail(
    *,
    purpose: str,
    dedup_key: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    member: User | None = None,
    expires_at: datetime | None = None,
) -> OutgoingMail:
    """Put a mail into the outbox, to be sent after the running transaction has committed.

    The same `dedup_key` again adds nothing and returns the first mail. `member` is whose mail it is: who may read it
    here, and with whom it is erased. After `expires_at` it is not sent any more.
    """
    mail, created = OutgoingMail.objects.get_or_create(
        dedup_key=dedup_key,
        defaults={
            "purpose": purpose,
            "message_id": make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
            "recipient": recipient,
            "subject": subject[:500],
            "text": text,
            "html": html,
            "headers": dict(headers or {}),
            "member": member,
            "expires_at": expires_at,
        },
    )
    if created:
        hint("accounts.send_due_mail")
    return mail


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend: what Django and allauth send is queued as a sign-in mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message once per recipient; the same message object again adds nothing."""
        with transaction.atomic():
            for message in email_messages:
                key = message.extra_headers.setdefault("Message-ID", make_msgid(domain="outbox"))
                for number, recipient in enumerate(message.recipients()):
                    queue_mail(
                        purpose=SIGN_IN,
                        dedup_key=f"{SIGN_IN}:{number}:{key}",
                        recipient=recipient,
                        subject=str(message.subject),
                        text=str(message.body),
                        html=_html_of(message),
                        member=_addressee(recipient),
                        expires_at=timezone.now() + SIGN_IN_LASTS,
                    )
        return len(email_messages)


def send_due_mail(now: datetime | None = None) -> int:
    """Try every mail that is due once; return how many were taken. Any number of workers may do so at once.

    A mail server that does not answer ends the round: the other mails would only wait for it in vain, one by one.
    """
    now = now or timezone.now()
    _give_up(now)
    taken = 0
    for mail in _claimed(now):
        try:
            taken += _send(mail, now)
        except OSError as trouble:
            _put_off(mail, now, trouble)
            break
    return taken


def retry(mails: Any) -> int:
    """Make failed mails of the queryset `mails` due again with fresh attempts; return how many there were."""
    count: int = (
        mails.filter(state=State.FAILED)
        .exclude(text="")
        .update(state=State.QUEUED, attempts=0, due_at=timezone.now(), problem="")
    )
    hint("accounts.send_due_mail")
    return count


def wipe_old_mail(now: datetime | None = None) -> int:
    """Empty mails that are over and done with: 30 days after sending, sign-in mails after one day.

    What stays is that there was a mail, for which purpose, and what became of it. Returns how many were emptied.
    """
    now = now or timezone.now()
    old = Q(ended_at__lt=now - KEPT_FOR) | Q(purpose=SIGN_IN, ended_at__lt=now - SIGN_IN_LASTS)
    done = OutgoingMail.objects.exclude(state__in=[State.QUEUED, State.SENDING, State.RETRY]).exclude(recipient="")
    ended = done.annotate(ended_at=Coalesce("sent_at", "created_at")).filter(old)
    wiped = list(ended.values_list("pk", "uuid")[: 10 * BATCH])
    for _pk, mail_uuid in wiped:
        discard_copy(mail_uuid)
    OutgoingMail.objects.filter(pk__in=[pk for pk, _uuid in wiped]).update(
        recipient="", subject="", text="", html="", headers={}, problem=""
    )
    return len(wiped)


def discard_mails(mails: Any) -> None:
    """Delete the mails of the queryset `mails` for good, their files included."""
    for mail_uuid in mails.values_list("uuid", flat=True):
        discard_copy(mail_uuid)
    mails.delete()


def _html_of(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    return next((str(content) for content, mimetype in alternatives if mimetype == "text/html"), "")


def _addressee(recipient: str) -> User | None:
    """The member who signs in with `recipient`, or who is about to change to it."""
    address = recipient.lower()
    member = User.objects.filter(email=address).first()
    if member is None:
        pending = EmailAddress.objects.filter(email=address).select_related("user").first()
        member = pending.user if pending else None
    return member


def _due(now: datetime) -> Q:
    """Waiting mails whose time has come, and mails whose worker died: `due_at` of a mail in `sending` is its lease."""
    return Q(state__in=[State.QUEUED, State.RETRY, State.SENDING], due_at__lte=now)


def _give_up(now: datetime) -> None:
    """Close mails that came too late, and mails that took a worker with them at each attempt."""
    due = OutgoingMail.objects.filter(_due(now))
    due.filter(expires_at__lte=now).update(state=State.EXPIRED)
    due.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, problem="Each attempt was cut off.")


def _claimed(now: datetime) -> Iterator[OutgoingMail]:
    """Claim the due mails one after the other. The attempt is counted before it is made."""
    due = OutgoingMail.objects.filter(_due(now)).order_by("due_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        claim = OutgoingMail.objects.filter(_due(now), pk=pk)
        if claim.update(state=State.SENDING, attempts=F("attempts") + 1, due_at=_lease_end(now)):
            yield OutgoingMail.objects.get(pk=pk)


def _lease_end(now: datetime) -> datetime:
    # A long batch may have begun a while ago: the lease counts from this moment, unless the clock is a test's.
    return max(now, timezone.now()) + LEASE


def _send(mail: OutgoingMail, now: datetime) -> bool:
    """Make the attempt that `mail` was claimed for. Raises OSError if there was no talking to the server."""
    try:
        deliver(mail)
    except (RefusedError, ValueError) as answer:  # ValueError: a line break in a header, say
        _settle(mail, state=State.FAILED, problem=_problem(mail, answer))
        return False
    except DeferredError as answer:
        _put_off(mail, now, answer)
        return False
    _settle(mail, state=State.SENT, sent_at=timezone.now(), problem="")
    return True


def _put_off(mail: OutgoingMail, now: datetime, trouble: Exception) -> None:
    """Try again later, or give up after the last attempt."""
    if mail.attempts >= MOST_ATTEMPTS:
        _settle(mail, state=State.FAILED, problem=_problem(mail, trouble))
    else:
        due_at = now + WAITS[mail.attempts - 1]
        _settle(mail, state=State.RETRY, due_at=due_at, problem=_problem(mail, trouble))


def _settle(mail: OutgoingMail, *, state: OutgoingMail.State, **fields: Any) -> None:
    """Store the outcome of the attempt that `mail` was claimed for, unless its lease has passed to somebody else."""
    claim = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, attempts=mail.attempts)
    claim.update(state=state, **fields)
    logger.info("Mail %s (%s): %s after attempt %s", mail.uuid, mail.purpose, state, mail.attempts)


def _problem(mail: OutgoingMail, problem: Exception) -> str:
    """What went wrong, without the address: the operator sees it."""
    return f"{type(problem).__name__}: {problem}".replace(mail.recipient, "…")[:500]
