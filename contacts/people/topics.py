"""Lines: what somebody seeks, offers or is interested in, and what the member offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact, Conversation, Line, Network
from contacts.people.search import index_contacts, refresh_search_texts
from contacts.text import one_line

Kind = Line.Kind


@transaction.atomic
def add_line(
    network: Network,
    *,
    contact: Contact | None,
    kind: str,
    text: str,
    day: date | None = None,
    conversation: Conversation | None = None,
) -> Line:
    """Note a line about `contact`, or an offer of the member's own if that is None.

    `day` is the day it was heard, today by default. An equal open line is renewed instead of noted twice. Raises
    ValidationError.
    """
    day = day or network.today()
    text = one_line(text)
    known = network.lines.filter(contact=contact, kind=kind, text__iexact=text, closed_on=None).first()
    if known is not None:
        return renew_line(network, known, day=day)
    line = Line(network=network, contact=contact, kind=kind, text=text, noted_on=day, conversation=conversation)
    line.full_clean()
    line.save()
    _index(network, line)
    return line


@transaction.atomic
def change_line(network: Network, line: Line, *, text: str) -> Line:
    """Put a line in other words. Raises ValidationError."""
    line.text = one_line(text)
    line.full_clean()
    line.save(update_fields=["text"])
    _index_words(network, line)
    return line


def renew_line(network: Network, line: Line, *, day: date | None = None) -> Line:
    """Record that a line holds still, as of `day` (default: today). A later confirmation stays."""
    day = day or network.today()
    if day > (line.renewed_on or line.noted_on):
        line.renewed_on = day
        line.save(update_fields=["renewed_on"])
    return line


@transaction.atomic
def close_line(network: Network, line: Line) -> Line:
    """Record that a line is settled. It is kept, and no longer found by searching."""
    if line.closed_on is None:
        line.closed_on = network.today()
        line.save(update_fields=["closed_on"])
        _index(network, line)
    return line


@transaction.atomic
def reopen_line(network: Network, line: Line) -> Line:
    """Open a closed line again; it counts as confirmed today only if it would lie asleep otherwise."""
    line.closed_on = None
    if line.is_asleep(network.today()):
        line.renewed_on = network.today()
    line.save(update_fields=["closed_on", "renewed_on"])
    _index(network, line)
    return line


@transaction.atomic
def delete_line(network: Network, line: Line) -> None:
    """Put a line into the trash, where it stays for 30 days."""
    line.deleted_at = timezone.now()
    line.save(update_fields=["deleted_at"])
    _index_words(network, line)


@transaction.atomic
def restore_line(network: Network, line: Line) -> None:
    """Take a line out of the trash."""
    line.deleted_at = None
    line.save(update_fields=["deleted_at"])
    _index_words(network, line)


def _index(network: Network, line: Line) -> None:
    if line.contact_id is None:
        network.mark_texts_changed([])
    else:
        index_contacts(network, network.contacts(manager="with_trash").filter(pk=line.contact_id))


def _index_words(network: Network, line: Line) -> None:
    """Bring up to date whatever is found by the line's words: its contact, and the conversation it was heard in."""
    _index(network, line)
    if line.conversation_id is not None:
        talks = network.conversations(manager="with_trash").filter(pk=line.conversation_id)
        refresh_search_texts(network, list(talks))


@dataclass(frozen=True, slots=True)
class ContactLines:
    """The lines of one contact as its page shows them: open ones by kind, and the closed ones."""

    seeks: Sequence[Line]
    offers: Sequence[Line]
    interests: Sequence[Line]
    closed: Sequence[Line]


def lines_by_kind(network: Network, contact: Contact | None) -> ContactLines:
    """The lines of a contact, or the member's own offers if it is None; the newest first. One query."""
    lines = list(network.lines.filter(contact=contact))
    open_lines = [line for line in lines if line.closed_on is None]
    return ContactLines(
        seeks=[line for line in open_lines if line.kind == Kind.SEEKS],
        offers=[line for line in open_lines if line.kind == Kind.OFFERS],
        interests=[line for line in open_lines if line.kind == Kind.INTEREST],
        closed=[line for line in lines if line.closed_on is not None],
    )
