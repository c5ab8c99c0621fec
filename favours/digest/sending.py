"""Who gets a letter now, and putting it into the outbox.

The mail of a week and the instant of the next letter are stored in one transaction, together or not at all, so a crash
at any point leaves the letter due. Two who write the same letter are held apart twice: by the lock on the
member's settings, and by the mail's key, which names the network and the ISO week.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.outbox import draft_mail, draft_trace, queue_mails
from contacts.models import Network
from favours.digest.letter import compose
from favours.digest.links import signed_addresses, unsubscribe_address
from favours.digest.schedule import end_of_week, week_of
from favours.digest.timing import is_paused, plan_of
from favours.models import LetterSettings, Suggestion
from favours.sample import sample_run
from favours.suggestions.rounds import make_round, open_suggestions

logger = logging.getLogger(__name__)

PURPOSE = "letter"
AT_ONCE = 20
"""As many letters are written in one transaction."""
MOST_ATTEMPTS = 5
"""A letter that was begun as often in vain is given up: the member and the operator see it as failed."""


class Silence(StrEnum):
    """Why there is no letter in a week."""

    PAUSE = "holiday pause"
    SAMPLE = "sample network"
    NOTHING = "nothing to say"


def due_networks(now: datetime, limit: int) -> list[int]:
    """The keys of at most `limit` networks whose letter is to be looked at now, the longest waiting first."""
    return list(_due(now).order_by("next_digest_at", "pk").values_list("network", flat=True)[:limit])


def write_letters(network_ids: Sequence[int], now: datetime | None = None) -> None:
    """Write the letters of these networks that are due, some in one transaction.

    If one fails, its group is begun again by the next sweep, then one by one, until it is given up.
    """
    now = now or timezone.now()
    for group, attempts in _groups(network_ids):
        if attempts >= MOST_ATTEMPTS:
            _give_up(group, now)
            continue
        _due(now).filter(network__in=group).update(attempts=F("attempts") + 1)
        try:
            _write(group, now)
        except Exception:  # One letter must not hold up the others.
            logger.exception("Letters of networks %s could not be written.", group)


def send_one_now(network: Network, key: uuid.UUID) -> bool:
    """Queue a letter for the member at once, the same `key` only once; False if there is nothing to say.

    It shows this week's round and is no substitute for the weekly letter.
    """
    day = network.today()
    suggestions = suggestions_of(network, day)
    if not suggestions:
        return False
    week_end = end_of_week(network.owner.zone, week_of(day))
    queue_mails([_draft(network, suggestions, day, f"{PURPOSE}:{network.uuid}:now:{key}", week_end)])
    return True


def suggestions_of(network: Network, day: date) -> list[Suggestion]:
    """The people of the week's round who still wait; the round is made unless there is one."""
    return open_suggestions(network, make_round(network, day))


def week_key(network: Network, week: date) -> str:
    """The key of a week's letter in the outbox."""
    year, number, _weekday = week.isocalendar()
    return f"{PURPOSE}:{network.uuid}:{year}-W{number:02}"


def mail_of_week(network: Network, week: date) -> OutgoingMail | None:
    """What became of the letter of the week that begins on the Monday `week`; None if it is still to come."""
    return network.owner.outgoing_mails.filter(dedup_key=week_key(network, week)).first()


def silence_of_week(network: Network) -> str:
    """Why no letter came in the member's running week: one of Silence; empty if one came or may yet come."""
    mail = mail_of_week(network, week_of(network.today()))
    return mail.problem if mail is not None and mail.state == OutgoingMail.State.SKIPPED else ""


def latest_letters(network: Network, count: int) -> list[OutgoingMail]:
    """The latest letters of the member and the traces of weeks without one, newest first."""
    letters = network.owner.outgoing_mails.filter(purpose=PURPOSE).order_by("-created_at", "-pk")
    return list(letters[:count])


def as_message_headers(network: Network) -> dict[str, str]:
    """The headers by which a mail program offers to end the letters with one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_address(network)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _due(now: datetime) -> QuerySet[LetterSettings]:
    return LetterSettings.objects.filter(is_on=True, next_digest_at__lte=now)


def _groups(network_ids: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Some at once, and those that were begun before, and perhaps ended their worker, alone; with the attempts."""
    attempts = dict(LetterSettings.objects.filter(network__in=network_ids).values_list("network", "attempts"))
    fresh = [key for key in network_ids if attempts.get(key) == 0]
    for start in range(0, len(fresh), AT_ONCE):
        yield fresh[start : start + AT_ONCE], 0
    for key in network_ids:
        if attempts.get(key, 0) > 0:
            yield [key], attempts[key]


@transaction.atomic
def _give_up(network_ids: Sequence[int], now: datetime) -> None:
    """Leave a week without its letter, with a trace of it, and go on with the next week."""
    due = _due(now).filter(network__in=network_ids).select_related("network__owner")
    for letter in due.select_for_update(of=("self",), skip_locked=True):
        missed = plan_of(letter, now)
        letter.next_digest_at, letter.attempts = missed.next_at, 0
        if missed.due_week is not None:
            letter.handled_week = missed.due_week
            key, member = week_key(letter.network, missed.due_week), letter.network.owner
            state, problem = OutgoingMail.State.FAILED, "The letter could not be written."
            queue_mails([draft_trace(purpose=PURPOSE, dedup_key=key, member=member, state=state, problem=problem)])
        letter.save(update_fields=["next_digest_at", "handled_week", "attempts"])


def _write(network_ids: Sequence[int], now: datetime) -> None:
    """Compose first, without holding up anybody; then store what is still asked for, in a short transaction."""
    letters = list(_due(now).filter(network__in=network_ids).select_related("network__owner"))
    seen = {letter.pk: letter.next_digest_at for letter in letters}
    drafts = {letter.pk: _deal_with(letter, now) for letter in letters}
    with transaction.atomic():
        asked = _due(now).filter(pk__in=seen).select_for_update(skip_locked=True)
        still = {key for key, due_at in asked.values_list("pk", "next_digest_at") if due_at == seen[key]}
        dealt_with = [letter for letter in letters if letter.pk in still]
        LetterSettings.objects.bulk_update(dealt_with, ["next_digest_at", "handled_week", "attempts"])
        queue_mails([draft for key in still if (draft := drafts[key]) is not None])


def _deal_with(letter: LetterSettings, now: datetime) -> OutgoingMail | None:
    """Move the settings on to the next letter and return the mail of the week that was due, if one was."""
    network = letter.network
    due = plan_of(letter, now)
    letter.next_digest_at, letter.attempts = due.next_at, 0
    if due.due_week is None or not network.owner.is_active:
        return None
    letter.handled_week = due.due_week
    day = network.owner.today(now)
    key = week_key(network, due.due_week)
    if is_paused(letter, day):
        return _skipped(network, key, Silence.PAUSE)
    if sample_run(network) is not None:
        return _skipped(network, key, Silence.SAMPLE)
    suggestions = suggestions_of(network, day)
    if not suggestions:
        return _skipped(network, key, Silence.NOTHING)
    return _draft(network, suggestions, day, key, end_of_week(network.owner.zone, due.due_week))


def _skipped(network: Network, key: str, reason: Silence) -> OutgoingMail:
    state = OutgoingMail.State.SKIPPED
    return draft_trace(purpose=PURPOSE, dedup_key=key, member=network.owner, state=state, problem=reason)


def _draft(
    network: Network, suggestions: Sequence[Suggestion], day: date, key: str, week_end: datetime
) -> OutgoingMail:
    letter = compose(network, suggestions, day, signed_addresses(network))
    return draft_mail(
        purpose=PURPOSE,
        dedup_key=key,
        recipient=network.owner.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=as_message_headers(network),
        member=network.owner,
        expires_at=week_end,
    )
