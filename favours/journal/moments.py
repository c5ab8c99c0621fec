"""Moments: help, conversations and news in one stream, newest first, for the journal and a contact's page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from contacts.models import Contact, Conversation, Network
from contacts.people.search import names_beginning_with
from contacts.people.search_words import Sought, sought_words
from favours.models import Favour

Moment: TypeAlias = Favour | Conversation
Row = TypeVar("Row", Favour, Conversation)

INSTANT: Final = "%Y%m%dT%H%M%S.%f"
CONVERSATION: Final = "conversation"
NEWS: Final = "news"


@dataclass(frozen=True, order=True)
class Position:
    """A moment's place in the order: by day, then by when it was logged. Its text form is the cursor of a page."""

    day: date
    logged_at: datetime
    uuid: uuid.UUID

    @classmethod
    def of(cls, moment: Moment) -> Position:
        return cls(moment.day, moment.created_at, moment.uuid)

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """Parse the text that `str` produced; return None for anything else."""
        day, _, rest = text.partition("_")
        instant, _, key = rest.partition("_")
        try:
            logged_at = datetime.strptime(instant, INSTANT).replace(tzinfo=UTC)
            return cls(date.fromisoformat(day), logged_at, uuid.UUID(key))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat()}_{self.logged_at.astimezone(UTC).strftime(INSTANT)}_{self.uuid.hex}"

    @property
    def older(self) -> Q:
        """The condition for rows after this position in newest-first order."""
        same_day = Q(created_at__lt=self.logged_at) | Q(created_at=self.logged_at, uuid__lt=self.uuid)
        # The first condition bounds the whole range, so that the index by day starts at the right place.
        return Q(day__lte=self.day) & (Q(day__lt=self.day) | same_day)


@dataclass(frozen=True)
class Filter:
    """The criteria of moments to show. `text` is searched for in notes, places and people's names, ignoring accents.

    `kind` is a kind of help, "conversation" or "news"; `since` and `until` are inclusive dates. There is deliberately
    no filter by direction: combined with a person it would amount to a ledger.
    """

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Page:
    """A page of moments, newest first, and the cursor of the next page (empty on the last)."""

    moments: Sequence[Moment]
    cursor: str


def latest_moments(network: Network, wanted: Filter = Filter(), *, cursor: str = "", size: int = 40) -> Page:
    """Return the page of moments after `cursor`, or the first page if it is empty or malformed.

    Runs a fixed number of queries, whatever the size.
    """
    position = Position.parse(cursor)
    favours = _page(favours_with_people(network), _favours_wanted(network, wanted), position, size)
    conversations = _page(_conversations_with_people(network), _conversations_wanted(network, wanted), position, size)
    streams: list[Iterable[Moment]] = [favours, conversations]
    mixed = list(islice(merge(*streams, key=Position.of, reverse=True), size + 1))
    shown = mixed[:size]
    return Page(shown, str(Position.of(shown[-1])) if len(mixed) > size else "")


def people_of(moment: Moment) -> list[Contact]:
    """Return the participants in the order picked, without those in the trash. Needs prefetched participations."""
    contacts = (participation.contact for participation in moment.participations.all())
    return [contact for contact in contacts if contact.deleted_at is None]


def favours_with_people(network: Network) -> QuerySet[Favour]:
    """Return the network's favours with everything prefetched that their sentences need."""
    return network.favours.prefetch_related(*_told_of_favours(network))


def read_people(network: Network, moment: Moment) -> None:
    """Load everything the sentence of a stored moment needs, without reading the moment itself again."""
    told = _told_of_favours if isinstance(moment, Favour) else _told_of_conversations
    prefetch_related_objects([moment], *told(network))


def find_moment(network: Network, identifier: str) -> Moment | None:
    """Return the favour or conversation with that UUID, with all that its sentence needs, or None if there is none."""
    try:
        wanted = Q(uuid=uuid.UUID(identifier))
    except ValueError:
        return None
    return (
        favours_with_people(network).filter(wanted).first()
        or _conversations_with_people(network).filter(wanted).first()
    )


def trashed_moments(network: Network, *, size: int) -> list[Moment]:
    """Return the moments in the trash, most recently deleted first."""
    favours = network.favours(manager="with_trash").prefetch_related(_participations(network.participations))
    talks = network.conversations(manager="with_trash").prefetch_related(
        _participations(network.conversation_participations),
        Prefetch("topics", queryset=network.topics(manager="with_trash").filter(deleted_at=None).order_by("pk")),
    )
    trashed: list[Moment] = [
        *favours.exclude(deleted_at=None).order_by("-deleted_at")[:size],
        *talks.exclude(deleted_at=None).order_by("-deleted_at")[:size],
    ]
    return sorted(trashed, key=attrgetter("deleted_at"), reverse=True)[:size]


def received_favours(network: Network, text: str = "", *, chosen: str = "", size: int = 5) -> list[Favour]:
    """Return the latest received favours that match `text`, as choices for what a given favour passes on.

    `text` is searched for as in `Filter`. The favour with the UUID `chosen` comes first, whether it matches or not.
    """
    received = favours_with_people(network).filter(direction=Favour.Direction.RECEIVE)
    found = list(received.filter(*_words_in_favours(network, text)).order_by("-day", "-created_at")[:size])
    picked = find_moment(network, chosen) if chosen else None
    if isinstance(picked, Favour):
        return [picked, *(favour for favour in found if favour != picked)]
    return found


def _page(rows: QuerySet[Row], wanted: Iterable[Q] | None, position: Position | None, size: int) -> Iterable[Row]:
    if wanted is None:
        return ()
    if position:
        rows = rows.filter(position.older)
    return rows.filter(*wanted).order_by("-day", "-created_at", "-uuid")[: size + 1]


def _favours_wanted(network: Network, wanted: Filter) -> list[Q] | None:
    """Return the conditions on favours, or None if the filter rules out all of them."""
    if wanted.kind in (CONVERSATION, NEWS):
        return None
    conditions = _conditions(wanted)
    if wanted.kind:
        conditions.append(Q(kind=wanted.kind))
    if wanted.contact:
        conditions.append(Q(pk__in=network.participations.filter(contact=wanted.contact).values("favour")))
    return [*conditions, *_words_in_favours(network, wanted.text)]


def _words_in_favours(network: Network, text: str) -> Iterator[Q]:
    for word, name in sought_words(text):
        with_them = network.participations.filter(contact__in=_named(network, name))
        yield Q(search_text__contains=word) | Q(pk__in=with_them.values("favour"))


def _conversations_wanted(network: Network, wanted: Filter) -> list[Q] | None:
    """Return the conditions on conversations, or None if the filter rules out all of them."""
    if wanted.kind not in ("", CONVERSATION, NEWS):
        return None
    conditions = _conditions(wanted)
    if wanted.kind:
        conditions.append(Q(is_news=wanted.kind == NEWS))
    if wanted.contact:
        talks = network.conversation_participations.filter(contact=wanted.contact)
        conditions.append(Q(pk__in=talks.values("conversation")))
    return [*conditions, *_words_in_conversations(network, wanted.text)]


def _words_in_conversations(network: Network, text: str) -> Iterator[Q]:
    for word, name in sought_words(text):
        with_them = network.conversation_participations.filter(contact__in=_named(network, name))
        yield Q(search_text__contains=word) | Q(pk__in=with_them.values("conversation"))


def _conditions(wanted: Filter) -> list[Q]:
    conditions = []
    if wanted.since:
        conditions.append(Q(day__gte=wanted.since))
    if wanted.until:
        conditions.append(Q(day__lte=wanted.until))
    return conditions


def _named(network: Network, word: Sought) -> QuerySet[Contact]:
    """Return the people with a name that starts with the word."""
    return network.contacts.filter(pk__in=names_beginning_with(network, word).values("contact"))


def _conversations_with_people(network: Network) -> QuerySet[Conversation]:
    return network.conversations.prefetch_related(*_told_of_conversations(network))


def _told_of_favours(network: Network) -> list[Prefetch[str]]:
    plain = network.favours.prefetch_related(_participations(network.participations))
    return [
        _participations(network.participations),
        Prefetch("passes_on", queryset=plain),
        Prefetch("passed_on_by", queryset=plain.order_by("day", "pk")),
    ]


def _told_of_conversations(network: Network) -> list[Prefetch[str]]:
    return [
        _participations(network.conversation_participations),
        Prefetch("topics", queryset=network.topics.order_by("pk")),
    ]


def _participations(rows: Any) -> Prefetch[str]:
    return Prefetch("participations", queryset=rows.select_related("contact").order_by("pk"))
