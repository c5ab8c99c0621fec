"""The member's answers to a suggestion: later, doesn't fit, asked, logged. Each can be taken back."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact, Network
from contacts.people.conversations import log_conversation, restore_conversations
from contacts.people.directory import edit_contact
from contacts.people.picking import Picked
from contacts.people.presence import present_contacts
from favours.journal.moments import Moment
from favours.journal.writing import Entry, log_favour, restore_favour
from favours.models import Favour, Signal, Suggestion
from favours.suggestions.steps import counterpart
from favours.tips.tip_box import pass_on

State = Suggestion.State
LATER_MONTHS = (1, 3, 6)
"""Numbers of months by which a suggestion can be postponed."""

TALK = frozenset({Signal.Kind.NEWS, Signal.Kind.MILESTONE, Signal.Kind.QUIET})
"""Reasons to get in touch, which lead to a conversation rather than help."""


def postpone(network: Network, suggestion: Suggestion, months: int) -> None:
    """Don't suggest the person again for `months` months from the member's today."""
    _answer(network, suggestion, State.LATER, later_until=months_on(network.today(), months))


def reject(network: Network, suggestion: Suggestion) -> None:
    """Don't suggest the person for this reason again."""
    _answer(network, suggestion, State.UNFIT)


def exclude(network: Network, suggestion: Suggestion) -> None:
    """Never suggest the person again."""
    _answer(network, suggestion, State.NEVER)


def dismiss(network: Network, suggestion: Suggestion) -> None:
    """Close the suggestion because it came to nothing."""
    _answer(network, suggestion, State.DISMISSED)


def note_death(network: Network, suggestion: Suggestion) -> None:
    """Note that the person has died: their page says so, and they are not suggested any more."""
    edit_contact(network, suggestion.contact, has_died=True)


def note_asked(network: Network, suggestion: Suggestion) -> None:
    """Note that the member got in touch, or offered an introduction. Today later asks about the outcome."""
    network.suggestions.filter(pk=suggestion.pk, asked_at=None).update(asked_at=timezone.now())


@transaction.atomic
def reopen(network: Network, suggestion: Suggestion) -> None:
    """Take back the answer to a suggestion."""
    _answer(network, suggestion, State.OPEN)
    network.suggestions.filter(pk=suggestion.pk).update(asked_at=None)
    if suggestion.contact.has_died:
        edit_contact(network, suggestion.contact, has_died=False)


@transaction.atomic
def log_it(network: Network, suggestion: Suggestion) -> Moment:
    """Log the result of the suggestion, once, and return it: an introduction, a tip, a conversation or help received.

    If the entry was logged before and is in the trash, it is restored. Raises ValidationError.
    """
    signal, person, other = suggestion.signals[0], suggestion.contact, counterpart(suggestion)
    if signal.kind in TALK:
        talk = log_conversation(network, day=network.today(), contacts=[person], client_key=suggestion.uuid)
        if talk.deleted_at is not None:
            restore_conversations(network, [talk])
        return talk
    if signal.tip is not None:
        favour = pass_on(
            network, text=signal.tip.text, people=Picked([person]), item=signal.tip, client_key=suggestion.uuid
        )
    else:
        favour = _log_help(network, suggestion, [person, other] if other else [person])
    if favour.deleted_at is not None:
        restore_favour(network, favour)
    return favour


def months_on(day: date, months: int) -> date:
    """Return the same day `months` months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _log_help(network: Network, suggestion: Suggestion, contacts: list[Contact]) -> Favour:
    signal = suggestion.signals[0]
    is_ask = signal.kind == Signal.Kind.ASK and signal.topic is not None
    entry = Entry(
        direction=Favour.Direction.RECEIVE if is_ask else Favour.Direction.GIVE,
        kind=Favour.Kind.INTRODUCTION if len(contacts) > 1 else Favour.Kind.TIP,
        contacts=present_contacts(network, contacts),
        note=signal.topic.text if is_ask and signal.topic else "",
        client_key=suggestion.uuid,
    )
    return log_favour(network, entry)


def _answer(network: Network, suggestion: Suggestion, state: State, *, later_until: date | None = None) -> None:
    network.suggestions.filter(pk=suggestion.pk).update(state=state, later_until=later_until)
