"""Finding out who gets a letter now, and putting it into the outbox.

The mail of a week and the time of the next letter are stored in one transaction, so a crash at any point leaves the
letter due. No worker takes a lease: composing stores nothing, so two workers may compose the same letter. One of them
stores it, in a short transaction that locks the settings and checks that the letter is still due at the same time. In
addition, the mail's key names the network and the ISO week.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.jobs import one_by_one
from accounts.mail.outbox import draft_mail, draft_trace, queue_mails, write_anew
from accounts.models import OutgoingMail
from accounts.signing_in.attempts import Limit
from contacts.erasing.forgetting import names
from contacts.erasing.traces import Traces
from contacts.models import Network
from favours.digest.contents import Contents, contents_of, named_in
from favours.digest.letter import compose
from favours.digest.links import signed_addresses, unsubscribe_address
from favours.digest.schedule import end_of_week, week_of
from favours.digest.timing import is_paused, plan_of
from favours.models import LetterSettings, Suggestion
from favours.sample.network import with_sample
from favours.suggestions.rounds import make_rounds, open_suggestions_of

State = OutgoingMail.State
Reason = OutgoingMail.Reason

PURPOSE = "letter"
AT_ONCE = 50
"""Letters per transaction."""
MOST_ATTEMPTS = 5
"""Failed attempts after which a letter is given up; the member and the operator see it as failed."""

ON_DEMAND = Limit("letters-on-demand", 5, timedelta(days=1))
"""Limit on the letters that a network may ask for. The weekly letter does not count."""


class TooManyLettersError(Exception):
    """The member has used up the day's letters on demand."""


def due_networks(now: datetime, limit: int) -> list[int]:
    """Return the keys of at most `limit` networks whose letter is due at `now`, the longest waiting first."""
    return list(_due(now).order_by("next_digest_at", "pk").values_list("network", flat=True)[:limit])


def write_letters(network_ids: Sequence[int], now: datetime | None = None) -> None:
    """Write the letters of these networks that are due at `now` (default: the current time), in batches.

    If one fails, the next sweep writes the letters of its batch again, one by one; after too many attempts it is given
    up.
    """
    now = now or timezone.now()
    one_by_one(partial(_attempt, now=now), _groups(network_ids))


def send_one_now(network: Network, key: uuid.UUID) -> bool:
    """Queue a letter for the member at once, but only one per `key`. Returns False if there is nobody to suggest.

    It shows this week's round and doesn't replace the weekly letter. Raises TooManyLettersError after ON_DEMAND.
    """
    dedup_key = f"{PURPOSE}:{network.uuid}:now:{key}"
    if OutgoingMail.objects.filter(dedup_key=dedup_key).exists():
        return True
    day = network.today()
    suggested = suggestions_of([network], day)
    if not suggested[network]:
        return False
    if not ON_DEMAND.take(str(network.uuid)):
        raise TooManyLettersError
    contents = contents_of(suggested, day)[network]
    week_end = end_of_week(network.owner.zone, week_of(day))
    queue_mails([_draft(contents, dedup_key, week_end)])
    return True


def write_emptied_letters(network: Network, traces: Traces) -> None:
    """Rewrite the letters that were emptied while they waited, because somebody in them was erased.

    Each keeps its key and its Message-ID. It stays skipped if nobody is left to suggest, or if it would quote a text
    that still mentions the erased person, which is for the member to edit.
    """
    now = timezone.now()
    skipped = network.owner.outgoing_mails.filter(purpose=PURPOSE, state=State.SKIPPED, reason=Reason.ERASED)
    emptied = list(skipped.filter(text="", expires_at__gt=now))
    if not emptied:
        return
    day = network.today()
    suggested = suggestions_of([network], day)
    contents = contents_of(suggested, day).get(network) if suggested[network] else None
    for mail in emptied:
        if contents is not None:
            draft = _draft(contents, mail.dedup_key, mail.expires_at or now)
            if not names(traces, draft):
                write_anew(mail, draft)
    if contents is None:
        skipped.update(reason=Reason.NOBODY)


def suggestions_of(networks: Collection[Network], day: date) -> dict[Network, list[Suggestion]]:
    """Return the open suggestions of each network's week; makes the round of the week if there is none."""
    return open_suggestions_of(make_rounds(networks, day))


def week_key(network: Network, week: date) -> str:
    """Return the outbox key of the letter of the week that begins on the Monday `week`."""
    year, number, _weekday = week.isocalendar()
    return f"{PURPOSE}:{network.uuid}:{year}-W{number:02}"


def mail_of_week(network: Network, week: date) -> OutgoingMail | None:
    """Return the letter, or its trace, of the week that begins on the Monday `week`; None if it is still to come."""
    return network.owner.outgoing_mails.filter(dedup_key=week_key(network, week)).first()


def silence_of_week(network: Network) -> str:
    """Return the `OutgoingMail.Reason` why no letter came in the member's current week; "" if one came or may yet."""
    mail = mail_of_week(network, week_of(network.today()))
    return mail.reason if mail is not None and mail.state == State.SKIPPED else ""


def latest_letters(network: Network, count: int) -> list[OutgoingMail]:
    """Return the member's `count` latest letters and traces of weeks without one, newest first."""
    letters = network.owner.outgoing_mails.filter(purpose=PURPOSE).order_by("-created_at", "-pk")
    return list(letters[:count])


def as_message_headers(network: Network) -> dict[str, str]:
    """Return the headers with which mail programs offer to unsubscribe with one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_address(network)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _due(now: datetime) -> QuerySet[LetterSettings]:
    return LetterSettings.objects.filter(is_on=True, next_digest_at__lte=now)


def _groups(network_ids: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield batches of networks with their number of attempts; each with failed attempts is a batch of its own."""
    attempts = dict(LetterSettings.objects.filter(network__in=network_ids).values_list("network", "attempts"))
    fresh = [key for key in network_ids if attempts.get(key) == 0]
    for start in range(0, len(fresh), AT_ONCE):
        yield fresh[start : start + AT_ONCE], 0
    for key in network_ids:
        if attempts.get(key, 0) > 0:
            yield [key], attempts[key]


def _attempt(group: tuple[list[int], int], now: datetime) -> None:
    """Write the letters of a batch, given with its earlier attempts, or give them up."""
    network_ids, attempts = group
    if attempts >= MOST_ATTEMPTS:
        _give_up(network_ids, now)
        return
    _due(now).filter(network__in=network_ids).update(attempts=F("attempts") + 1)
    _write(network_ids, now)


@transaction.atomic
def _give_up(network_ids: Sequence[int], now: datetime) -> None:
    """Leave a week without its letter, store a trace of it, and move on to the next week."""
    due = _due(now).filter(network__in=network_ids).select_related("network__owner")
    for letter in due.select_for_update(of=("self",), skip_locked=True):
        missed = plan_of(letter, now)
        letter.next_digest_at, letter.attempts = missed.next_at, 0
        if missed.due_week is not None:
            letter.handled_week = missed.due_week
            queue_mails([_trace(letter, State.FAILED, Reason.UNWRITTEN)])
        letter.save(update_fields=["next_digest_at", "handled_week", "attempts"])


def _write(network_ids: Sequence[int], now: datetime) -> None:
    """Compose first, without blocking anybody, then store the letters that are still due in a short transaction."""
    letters = list(_due(now).filter(network__in=network_ids).select_related("network__owner"))
    seen = {letter.pk: letter.next_digest_at for letter in letters}
    drafts = _deal_with(letters, now)
    with transaction.atomic():
        asked = _due(now).filter(pk__in=seen).select_for_update(skip_locked=True)
        still = {key for key, due_at in asked.values_list("pk", "next_digest_at") if due_at == seen[key]}
        dealt_with = [letter for letter in letters if letter.pk in still]
        _move_on(dealt_with)
        queue_mails([drafts[letter.network] for letter in dealt_with if letter.network in drafts])


def _deal_with(letters: Collection[LetterSettings], now: datetime) -> dict[Network, OutgoingMail]:
    """Move the settings on to the next letter, unsaved. Returns the unsaved mails of the week that was due.

    At any time there are at most three dates on earth, so a few queries serve members in all time zones.
    """
    by_day: defaultdict[date, list[LetterSettings]] = defaultdict(list)
    for letter in letters:
        due = plan_of(letter, now)
        letter.next_digest_at, letter.attempts = due.next_at, 0
        if due.due_week is not None and letter.network.owner.is_active:
            letter.handled_week = due.due_week
            by_day[letter.network.owner.today(now)].append(letter)
    return {network: draft for day, alike in by_day.items() for network, draft in _drafts(alike, day).items()}


def _move_on(letters: Collection[LetterSettings]) -> None:
    """Store the settings, with one query per slot."""
    by_slot: defaultdict[tuple[datetime, date | None], list[int]] = defaultdict(list)
    for letter in letters:
        by_slot[letter.next_digest_at, letter.handled_week].append(letter.pk)
    for (next_at, week), keys in by_slot.items():
        LetterSettings.objects.filter(pk__in=keys).update(next_digest_at=next_at, handled_week=week, attempts=0)


def _drafts(letters: Collection[LetterSettings], day: date) -> dict[Network, OutgoingMail]:
    """Return the unsaved mails for members whose date is `day`: letters, or traces with the reason for none."""
    silences = _silences(letters, day)
    suggested = suggestions_of([letter.network for letter in letters if letter.network not in silences], day)
    contents = contents_of({network: found for network, found in suggested.items() if found}, day)
    drafts = {}
    for letter in letters:
        network, week = letter.network, letter.handled_week
        assert week is not None  # noqa: S101 - it was set above
        if network in contents:
            week_end = end_of_week(network.owner.zone, week)
            drafts[network] = _draft(contents[network], week_key(network, week), week_end)
        else:
            drafts[network] = _trace(letter, State.SKIPPED, silences.get(network, Reason.NOBODY))
    return drafts


def _silences(letters: Collection[LetterSettings], day: date) -> dict[Network, OutgoingMail.Reason]:
    """Return the networks that get no letter regardless of any suggestions, with the reason."""
    sampled = with_sample([letter.network for letter in letters])
    silences = {letter.network: Reason.SAMPLE for letter in letters if letter.network_id in sampled}
    return silences | {letter.network: Reason.PAUSE for letter in letters if is_paused(letter, day)}


def _trace(letter: LetterSettings, state: OutgoingMail.State, reason: OutgoingMail.Reason) -> OutgoingMail:
    """Return the unsaved trace for the week that was just dealt with and gets no letter."""
    network, week = letter.network, letter.handled_week
    assert week is not None  # noqa: S101 - it was set before
    key = week_key(network, week)
    return draft_trace(purpose=PURPOSE, dedup_key=key, member=network.owner, state=state, reason=reason)


def _draft(contents: Contents, key: str, week_end: datetime) -> OutgoingMail:
    network = contents.network
    letter = compose(contents, signed_addresses(network))
    return draft_mail(
        purpose=PURPOSE,
        dedup_key=key,
        recipient=network.owner.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=as_message_headers(network),
        named=[str(person.uuid) for person in named_in(contents)],
        member=network.owner,
        expires_at=week_end,
    )
