"""The outbox: every mail, sign-in mails included, is a row first and is sent from there.

A row goes queued -> sending -> sent, or from sending to retry (and back), failed or expired. Mails are claimed some
at a time under a lease, so that of several workers one sends each. A crash between the server's yes and our commit
sends at most ten a second time, under the same Message-IDs; nothing else does.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
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

from accounts.jobs import hint
from accounts.mail.transport import DeferredError, RefusedError, Transport, discard_copy
from accounts.models import OutgoingMail, User

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
MARKED_AT_ONCE = 10
"""As many mails are marked as sent at once: a commit takes longer than handing a mail over."""
CLAIMED_AT_ONCE = 30
"""As many attempts, the longest there are, end well before their lease."""
CLAIMS = 16
"""As often a worker claims mails in one go."""
WIPED_AT_ONCE = 1000


class MailFields(TypedDict):
    """What makes a mail. `member` is whose mail it is: who may read it here, and with whom it is erased.

    After `expires_at` it is not sent any more.
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
    """Put a mail into the outbox, to be sent after the running transaction has committed.

    The same `dedup_key` again adds nothing and returns the first mail.
    """
    queue_mails([draft_mail(**fields)])
    return OutgoingMail.objects.get(dedup_key=fields["dedup_key"])


def queue_mails(drafts: Sequence[OutgoingMail]) -> None:
    """Put drafted mails into the outbox; those whose `dedup_key` is there add nothing."""
    OutgoingMail.objects.bulk_create(drafts, ignore_conflicts=True)
    if any(draft.state == State.QUEUED for draft in drafts):
        hint("accounts.send_due_mail")


def draft_mail(**fields: Unpack[MailFields]) -> OutgoingMail:
    """A mail, not yet in the outbox."""
    message_id = make_msgid(domain=urlsplit(settings.BASE_URL).hostname)
    kept = {"headers": dict(fields.get("headers") or {}), "named": list(fields.get("named") or [])}
    draft = OutgoingMail(message_id=message_id, **{**fields, **kept})
    draft.subject = draft.subject[:500]
    return draft


def draft_trace(*, purpose: str, dedup_key: str, member: User, state: OutgoingMail.State, problem: str) -> OutgoingMail:
    """The trace of a mail that is not written: that it was skipped or failed, and why."""
    draft = draft_mail(purpose=purpose, dedup_key=dedup_key, recipient="", subject="", text="", member=member)
    draft.state, draft.problem = state, problem
    return draft


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
    """Try every mail that is due once, over one connection; return how many were taken.

    Any number of workers may do so at once. A mail server that does not answer ends the round: the other mails would
    only wait for it in vain, one by one.
    """
    now = now or timezone.now()
    _give_up(now)
    taken = 0
    with Transport() as transport:
        for _claimed in range(CLAIMS):
            attempts = _claim(now)
            sent, goes_on = _send(transport, attempts, now)
            taken += sent
            if not attempts or not goes_on:
                return taken
    hint("accounts.send_due_mail")  # There may be more.
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
    wiped = ended.only("uuid")[:WIPED_AT_ONCE]
    empty_mails(wiped)
    return len(wiped)


@transaction.atomic
def empty_mails(mails: Sequence[OutgoingMail] | QuerySet[OutgoingMail], reason: str = "") -> None:
    """Leave of mails, and of their files, only that there were any; those that wait are skipped for the `reason`.

    A mail that is being sent at this moment goes out; if the attempt fails, there is no other.
    """
    kept = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails])
    for mail in mails:
        discard_copy(mail.uuid)
    kept.update(recipient="", subject="", text="", html="", headers={}, named=[], problem="")
    kept.filter(state__in=[State.QUEUED, State.RETRY]).update(state=State.SKIPPED, problem=reason)


@transaction.atomic
def write_anew(mail: OutgoingMail, draft: OutgoingMail) -> None:
    """Let a mail that was emptied while it waited go out after all, as drafted; its key and Message-ID stay."""
    words = {name: getattr(draft, name) for name in ("recipient", "subject", "text", "html", "headers", "named")}
    emptied = OutgoingMail.objects.filter(pk=mail.pk, state=State.SKIPPED, text="")
    if emptied.update(**words, state=State.QUEUED, problem="", attempts=0, due_at=timezone.now()):
        hint("accounts.send_due_mail")


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
    emptied = due.filter(text="")
    for mail_uuid in emptied.values_list("uuid", flat=True):
        discard_copy(mail_uuid)
    emptied.update(state=State.SKIPPED, problem="Emptied while it was being sent.")


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A mail as it was before it was claimed, whether this attempt is counted already, and the end of its lease."""

    mail: OutgoingMail
    is_counted: bool
    lease_end: datetime

    @property
    def number(self) -> int:
        return self.mail.attempts + 1


def _claim(now: datetime) -> list[_Attempt]:
    """Claim the next due mails, some at once.

    A mail that was being sent when its worker died comes last, on its own, and its attempt is counted before it is
    made: if it is what kills workers, it is given up in the end and takes no other mail with it.
    """
    due = OutgoingMail.objects.filter(_due(now)).order_by("due_at", "pk").select_for_update(skip_locked=True)
    # A long batch may have begun a while ago: the lease counts from this moment, unless the clock is a test's.
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
    """Make the attempts; return how many mails were taken, and whether the server still answers."""
    waiting, taken, marked = deque(attempts), list[_Attempt](), 0
    try:
        while waiting:
            attempt, was_proven = waiting.popleft(), transport.is_proven
            try:
                transport.deliver(attempt.mail)
                taken.append(attempt)
            except (RefusedError, ValueError) as answer:  # ValueError: a line break in a header, say
                _settle([attempt], state=State.FAILED, problem=_problem(attempt.mail, answer))
            except DeferredError as answer:
                _put_off(attempt, now, answer)
            except OSError as trouble:
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
    """Try again later, or give up after the last attempt."""
    problem = _problem(attempt.mail, trouble)
    if attempt.number >= MOST_ATTEMPTS:
        _settle([attempt], state=State.FAILED, problem=problem)
    else:
        _settle([attempt], state=State.RETRY, due_at=now + WAITS[attempt.number - 1], problem=problem)


def _settle(attempts: Sequence[_Attempt], **outcome: Any) -> None:
    """Store what became of attempts of one claim, unless its lease has passed to somebody else."""
    if attempts:
        counted = F("attempts") + int(not attempts[0].is_counted)
        _still_claimed(attempts).update(attempts=counted, **outcome)
        logger.info("Mails %s: %s", [str(attempt.mail.uuid) for attempt in attempts], outcome["state"])


@transaction.atomic
def _release(attempts: Collection[_Attempt]) -> None:
    """Take back the claim of mails that were not tried."""
    for attempt in attempts:
        _still_claimed([attempt]).update(state=attempt.mail.state, due_at=attempt.mail.due_at)


def _still_claimed(attempts: Sequence[_Attempt]) -> QuerySet[OutgoingMail]:
    keys = [attempt.mail.pk for attempt in attempts]
    return OutgoingMail.objects.filter(pk__in=keys, state=State.SENDING, due_at=attempts[0].lease_end)


def _problem(mail: OutgoingMail, problem: Exception) -> str:
    """What went wrong, without the address: the operator sees it."""
    return f"{type(problem).__name__}: {problem}".replace(mail.recipient, "…")[:500]
