"""The outbox: every mail, including sign-in mails, is stored as a row first and sent from there.

A row goes queued -> sending -> sent, or from sending to retry (and back), failed, skipped or expired. Each mail is
claimed by a single worker. If a worker crashes after the server has accepted mails but before that is committed, at
most ten mails are sent again, with the same Message-IDs; nothing else is ever sent twice.

The claim isn't the lease of contacts/database/leases.py: it takes the first thirty of many due mails, which needs row
locks that other workers skip (one conditional update has no limit and would make them wait). While a mail is in
`sending`, its `due_at` is the end of the claim, so one index finds both the mails that are due and those whose worker
died. As with a lease, a result is stored only while the worker still holds the claim.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from time import monotonic
from typing import Any, NotRequired, TypedDict, Unpack
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.disk import is_disk_full
from accounts.jobs import hint
from accounts.mail.transport import DeferredError, RefusedError, Transport, discard_copy
from accounts.models import OutgoingMail, User

logger = logging.getLogger(__name__)

State = OutgoingMail.State
Reason = OutgoingMail.Reason

SIGN_IN = "sign-in"
"""Purpose of mails that may contain a key to an account: all that Django or allauth sends, unless marked otherwise."""
NOTICE = "notice"
"""Purpose of mails that only report a change to an account."""
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""Waits after the first, second, ... failed attempt."""
MOST_ATTEMPTS = len(WAITS) + 1
LEASE = timedelta(minutes=10)
"""Time in `sending` after which the worker is considered dead; far longer than the longest attempt."""
SIGN_IN_LASTS = timedelta(days=1)
"""Age at which a sign-in mail or a notice is useless and a risk: it is no longer sent, nor is its content kept."""
KEPT_FOR = timedelta(days=30)
"""Time after sending for which the content of a mail is kept."""
ROWS_KEPT_FOR = timedelta(days=365)
"""Age up to which the row of a mail is kept, with or without its content."""
MARKED_AT_ONCE = 10
"""Mails marked as sent per transaction, because a commit takes longer than handing a mail over."""
CLAIMED_AT_ONCE = 30
"""Mails per claim: few enough that even the slowest attempts end well before the claim does."""
CLAIMS = 16
"""Claim rounds per task run."""
CLAIMING_SECONDS = 60.0
"""Seconds after which a task run claims nothing more, so that its last claim is done within a job's time limit."""
WIPED_AT_ONCE = 1000
"""Mails emptied per task run."""


class MailFields(TypedDict):
    """The fields of a mail. `member` owns it: they may read it in the browser, and erasing them erases it.

    `named` holds the UUIDs of the contacts that the mail names. After `expires_at` (aware) it is no longer sent.
    """

    purpose: str
    dedup_key: str
    recipient: str
    subject: str
    text: str
    html: NotRequired[str]
    headers: NotRequired[Mapping[str, str]]
    named: NotRequired[Sequence[str]]
    member: NotRequired[User | None]
    expires_at: NotRequired[datetime | None]


def queue_mail(**fields: Unpack[MailFields]) -> OutgoingMail:
    """Put a mail into the outbox, to be sent once the current transaction has committed.

    Returns the stored mail. If there is already a mail with this `dedup_key`, nothing is added and that mail is
    returned.
    """
    queue_mails([draft_mail(**fields)])
    return OutgoingMail.objects.get(dedup_key=fields["dedup_key"])


def queue_mails(drafts: Sequence[OutgoingMail]) -> None:
    """Put drafted mails into the outbox, except those whose `dedup_key` is already in use."""
    OutgoingMail.objects.bulk_create(drafts, ignore_conflicts=True)
    if any(draft.state == State.QUEUED for draft in drafts):
        hint("accounts.send_due_mail")


def draft_mail(**fields: Unpack[MailFields]) -> OutgoingMail:
    """Return an unsaved mail with a new Message-ID; the subject is cut to 500 characters."""
    message_id = make_msgid(domain=urlsplit(settings.BASE_URL).hostname)
    kept = {"headers": dict(fields.get("headers") or {}), "named": list(fields.get("named") or [])}
    draft = OutgoingMail(message_id=message_id, **{**fields, **kept})
    draft.subject = draft.subject[:500]
    return draft


def draft_trace(
    *, purpose: str, dedup_key: str, member: User, state: OutgoingMail.State, reason: OutgoingMail.Reason
) -> OutgoingMail:
    """Return an unsaved mail without content, which records that a mail was skipped or failed, and why."""
    draft = draft_mail(purpose=purpose, dedup_key=dedup_key, recipient="", subject="", text="", member=member)
    draft.state, draft.reason = state, reason
    return draft


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend: queues what Django and allauth send, as sign-in mails unless they have a `purpose`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message once per recipient, however often the same object is passed.

        Returns the number of messages.
        """
        with transaction.atomic():
            for message in email_messages:
                key = message.extra_headers.setdefault("Message-ID", make_msgid(domain="outbox"))
                for number, recipient in enumerate(message.recipients()):
                    queue_mail(
                        purpose=getattr(message, "purpose", SIGN_IN),
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
    """Try each due mail once, over one connection. Returns the number of mails that the server accepted.

    Any number of workers may call this at once. `now` defaults to the current time. If the mail server does not answer,
    the run ends, since each of the other mails would only wait for the same timeout.
    """
    now = now or timezone.now()
    _give_up(now)
    taken, claims_until = 0, monotonic() + CLAIMING_SECONDS
    with Transport() as transport:
        for claims in range(CLAIMS):
            if claims and monotonic() > claims_until:
                break
            attempts = _claim(now)
            sent, goes_on = _send(transport, attempts, now)
            taken += sent
            if not attempts or not goes_on:
                return taken
    hint("accounts.send_due_mail")  # There may be more.
    return taken


def retry(mails: Any) -> int:
    """Requeue the failed mails of the queryset `mails` with their attempts reset. Returns the number of mails."""
    count: int = (
        mails.filter(state=State.FAILED)
        .exclude(text="")
        .update(state=State.QUEUED, attempts=0, due_at=timezone.now(), reason="", problem="")
    )
    hint("accounts.send_due_mail")
    return count


def wipe_old_mail(now: datetime | None = None) -> int:
    """Empty mails 30 days after they were sent, sign-in mails and notices after one day. Returns the number emptied.

    The row remains, with its purpose, its state and the reason for it.
    """
    now = now or timezone.now()
    old = Q(ended_at__lt=now - KEPT_FOR) | Q(purpose__in=[SIGN_IN, NOTICE], ended_at__lt=now - SIGN_IN_LASTS)
    done = OutgoingMail.objects.exclude(state__in=[State.QUEUED, State.SENDING, State.RETRY]).exclude(recipient="")
    ended = done.annotate(ended_at=Coalesce("sent_at", "created_at")).filter(old)
    wiped = ended.only("uuid")[:WIPED_AT_ONCE]
    empty_mails(wiped)
    return len(wiped)


def forget_old_mail(now: datetime | None = None) -> None:
    """Delete the rows of emptied mails that are a year old; no new letter can have the same `dedup_key`."""
    long_ago = (now or timezone.now()) - ROWS_KEPT_FOR
    waiting = [State.QUEUED, State.SENDING, State.RETRY]
    OutgoingMail.objects.filter(created_at__lt=long_ago, recipient="").exclude(state__in=waiting).delete()


@transaction.atomic
def empty_mails(mails: Sequence[OutgoingMail] | QuerySet[OutgoingMail]) -> None:
    """Remove the content and files of mails that name an erased contact. Those waiting to be sent become skipped.

    A mail that is being sent at this moment still goes out; if the attempt fails, it is not tried again.
    """
    kept = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails])
    for mail in mails:
        discard_copy(mail.uuid)
    kept.update(recipient="", subject="", text="", html="", headers={}, named=[], problem="")
    kept.filter(state__in=[State.QUEUED, State.RETRY]).update(state=State.SKIPPED, reason=Reason.ERASED)


@transaction.atomic
def write_anew(mail: OutgoingMail, draft: OutgoingMail) -> None:
    """Requeue a mail that was emptied while it waited, with the content of `draft` but its own key and Message-ID."""
    words = {name: getattr(draft, name) for name in ("recipient", "subject", "text", "html", "headers", "named")}
    emptied = OutgoingMail.objects.filter(pk=mail.pk, state=State.SKIPPED, text="")
    if emptied.update(**words, state=State.QUEUED, reason="", problem="", attempts=0, due_at=timezone.now()):
        hint("accounts.send_due_mail")


def discard_mails(mails: Any) -> None:
    """Permanently delete the mails of the queryset `mails` and their files."""
    for mail_uuid in mails.values_list("uuid", flat=True):
        discard_copy(mail_uuid)
    mails.delete()


def _html_of(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    return next((str(content) for content, mimetype in alternatives if mimetype == "text/html"), "")


def _addressee(recipient: str) -> User | None:
    """Return the member who signs in with `recipient` or is about to change to it."""
    address = recipient.lower()
    member = User.objects.filter(email=address).first()
    if member is None:
        pending = EmailAddress.objects.filter(email=address).select_related("user").first()
        member = pending.user if pending else None
    return member


def _due(now: datetime) -> Q:
    """Return the condition for waiting mails that are due, and for mails whose worker died."""
    return Q(state__in=[State.QUEUED, State.RETRY, State.SENDING], due_at__lte=now)


def _give_up(now: datetime) -> None:
    """Close due mails that have expired, whose worker died at each attempt, or that have been emptied."""
    due = OutgoingMail.objects.filter(_due(now))
    due.filter(expires_at__lte=now).update(state=State.EXPIRED)
    due.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, reason=Reason.CUT_OFF)
    emptied = due.filter(text="")
    for mail_uuid in emptied.values_list("uuid", flat=True):
        discard_copy(mail_uuid)
    emptied.update(state=State.SKIPPED, reason=Reason.EMPTIED)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A mail as it was before it was claimed, whether this attempt is already counted, and the end of the claim."""

    mail: OutgoingMail
    is_counted: bool
    lease_end: datetime

    @property
    def number(self) -> int:
        return self.mail.attempts + 1


def _claim(now: datetime) -> list[_Attempt]:
    """Claim the next due mails in one batch, and return the attempts to make.

    A mail whose worker died while sending it is claimed last and by itself, and its attempt is counted in advance: if
    the mail itself kills the workers, it is eventually given up and affects no other mail.
    """
    due = OutgoingMail.objects.filter(_due(now)).order_by("due_at", "pk").select_for_update(skip_locked=True)
    # In a long run, `now` may be long past: the claim starts at the actual time, unless a test passes a later `now`.
    lease_end = max(now, timezone.now()) + LEASE
    with transaction.atomic():
        mails = list(due.exclude(state=State.SENDING)[:CLAIMED_AT_ONCE])
        is_counted = not mails
        if is_counted:
            mails = list(due[:1])
        claimed = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails])
        claimed.update(state=State.SENDING, due_at=lease_end, attempts=F("attempts") + int(is_counted))
    return [_Attempt(mail, is_counted, lease_end) for mail in mails]


def _send(transport: Transport, attempts: Sequence[_Attempt], now: datetime) -> tuple[int, bool]:
    """Make the attempts. Returns how many mails the server accepted, and whether it still answers."""
    waiting, taken, marked = deque(attempts), list[_Attempt](), 0
    try:
        while waiting:
            attempt, was_proven = waiting.popleft(), transport.is_proven
            try:
                transport.deliver(attempt.mail)
                taken.append(attempt)
            except (RefusedError, ValueError) as answer:  # ValueError: a line break in a header, for example
                _settle([attempt], state=State.FAILED, problem=_problem(attempt.mail, answer))
            except DeferredError as answer:
                _put_off(attempt, now, answer)
            except OSError as trouble:
                if is_disk_full(trouble):
                    waiting.append(attempt)  # The mail is not to blame; all mails wait until there is room.
                    logger.warning("Mails wait, as the disk is full.")
                    return marked + len(taken), False
                _put_off(attempt, now, trouble)
                if not was_proven:
                    return marked + len(taken), False
            if len(taken) == MARKED_AT_ONCE:
                _mark_sent(taken)
                marked, taken = marked + len(taken), []
    finally:
        _mark_sent(taken)
        if waiting:
            _release(waiting)
    return marked + len(taken), True


def _mark_sent(attempts: Sequence[_Attempt]) -> None:
    _settle(attempts, state=State.SENT, sent_at=timezone.now(), problem="")
    keys = [attempt.mail.pk for attempt in attempts]
    for mail_uuid in OutgoingMail.objects.filter(pk__in=keys, text="").values_list("uuid", flat=True):
        discard_copy(mail_uuid)  # It was emptied while it was being sent.


def _put_off(attempt: _Attempt, now: datetime, trouble: Exception) -> None:
    """Schedule the next attempt, or give up after the last one."""
    problem = _problem(attempt.mail, trouble)
    if attempt.number >= MOST_ATTEMPTS:
        _settle([attempt], state=State.FAILED, problem=problem)
    else:
        _settle([attempt], state=State.RETRY, due_at=now + WAITS[attempt.number - 1], problem=problem)


def _settle(attempts: Sequence[_Attempt], **outcome: Any) -> None:
    """Store the outcome of attempts of one claim, unless another worker has claimed the mail since."""
    if attempts:
        counted = F("attempts") + int(not attempts[0].is_counted)
        _still_claimed(attempts).update(attempts=counted, **outcome)
        logger.info("Mails %s: %s", [str(attempt.mail.uuid) for attempt in attempts], outcome["state"])


@transaction.atomic
def _release(attempts: Collection[_Attempt]) -> None:
    """Release mails that were claimed but not tried."""
    for attempt in attempts:
        _still_claimed([attempt]).update(state=attempt.mail.state, due_at=attempt.mail.due_at)


def _still_claimed(attempts: Sequence[_Attempt]) -> QuerySet[OutgoingMail]:
    keys = [attempt.mail.pk for attempt in attempts]
    return OutgoingMail.objects.filter(pk__in=keys, state=State.SENDING, due_at=attempts[0].lease_end)


def _problem(mail: OutgoingMail, problem: Exception) -> str:
    """Return the problem as shown to the operator, without the recipient's address."""
    return f"{type(problem).__name__}: {problem}".replace(mail.recipient, "…")[:500]
