"""Moments: help, conversations and news mixed, newest first. What the journal and a contact's page tell."""

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
from contacts.people.search import sought_words
from favours.models import Favour

Moment: TypeAlias = Favour | Conversation
Row = TypeVar("Row", Favour, Conversation)

INSTANT: Final = "%Y%m%dT%H%M%S.%f"
CONVERSATION: Final = "conversation"
NEWS: Final = "news"


@dataclass(frozen=True, order=True)
class Position:
    """Where a moment stands: by its day, on one day by when it was logged. As text it is the cursor of a page."""

    day: date
    logged_at: datetime
    uuid: uuid.UUID

    @classmethod
    def of(cls, moment: Moment) -> Position:
        return cls(moment.day, moment.created_at, moment.uuid)

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """The position that `str` made this text of; None for any other text."""
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
        """The rows that stand after this position, with the newest first."""
        same_day = Q(created_at__lt=self.logged_at) | Q(created_at=self.logged_at, uuid__lt=self.uuid)
        # The first condition is implied by the second; it lets the index by day begin at the right place.
        return Q(day__lte=self.day) & (Q(day__lt=self.day) | same_day)


@dataclass(frozen=True)
class Filter:
    """Which moments to tell. `text` is looked for in notes, places and people's names, without regard to accents.

    `kind` is a kind of help, "conversation" or "news"; `since` and `until` are days, both included. There is no filter
    by direction: together with a person it would be a ledger.
    """

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Page:
    """Some moments, newest first, and the cursor of the page after them (empty at the end)."""

    moments: Sequence[Moment]
    cursor: str


def latest_moments(network: Network, wanted: Filter = Filter(), *, cursor: str = "", size: int = 40) -> Page:
    """The page of moments after `cursor`, the first page for an empty or unknown one.

    Reads in a fixed number of queries, whatever the size.
    """
    position = Position.parse(cursor)
    favours = _page(favours_with_people(network), _favours_wanted(network, wanted), position, size)
    conversations = _page(_conversations_with_people(network), _conversations_wanted(network, wanted), position, size)
    streams: list[Iterable[Moment]] = [favours, conversations]
    mixed = list(islice(merge(*streams, key=Position.of, reverse=True), size + 1))
    shown = mixed[:size]
    return Page(shown, str(Position.of(shown[-1])) if len(mixed) > size else "")


def people_of(moment: Moment) -> list[Contact]:
    """Who took part, in the order they were picked; without those in the trash. Needs prefetched participations."""
    contacts = (participation.contact for participation in moment.participations.all())
    return [contact for contact in contacts if contact.deleted_at is None]


def favours_with_people(network: Network) -> QuerySet[Favour]:
    """The favours with all that their sentences need, prefetched."""
    return network.favours.prefetch_related(*_told_of_favours(network))


def read_people(network: Network, moment: Moment) -> None:
    """Read all that the sentence of a stored moment needs, without reading the moment itself again."""
    told = _told_of_favours if isinstance(moment, Favour) else _told_of_conversations
    prefetch_related_objects([moment], *told(network))


def find_moment(network: Network, identifier: str) -> Moment | None:
    """The favour or conversation of that identifier with all that its sentence needs; None if there is none."""
    try:
        wanted = Q(uuid=uuid.UUID(identifier))
    except ValueError:
        return None
    return (
        favours_with_people(network).filter(wanted).first()
        or _conversations_with_people(network).filter(wanted).first()
    )


def trashed_moments(network: Network, *, size: int) -> list[Moment]:
    """What lies in the trash, the latest deleted first."""
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
    """The latest received favours that match `text` as in `Filter`, to pick what a given one passes on.

    The one with the identifier `chosen` comes first, whether it matches or not.
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
    """The conditions on favours; None if there cannot be any."""
    if wanted.kind in (CONVERSATION, NEWS):
        return None
    conditions = _conditions(wanted)
    if wanted.kind:
        conditions.append(Q(kind=wanted.kind))
    if wanted.contact:
        conditions.append(Q(pk__in=network.participations.filter(contact=wanted.contact).values("favour")))
    return [*conditions, *_words_in_favours(network, wanted.text)]


def _words_in_favours(network: Network, text: str) -> Iterator[Q]:
    for word in sought_words(text):
        with_them = network.participations.filter(contact__in=_named(network, word))
        yield Q(search_text__contains=word) | Q(pk__in=with_them.values("favour"))


def _conversations_wanted(network: Network, wanted: Filter) -> list[Q] | None:
    """The conditions on conversations; None if there cannot be any."""
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
    for word in sought_words(text):
        with_them = network.conversation_participations.filter(contact__in=_named(network, word))
        yield Q(search_text__contains=word) | Q(pk__in=with_them.values("conversation"))


def _conditions(wanted: Filter) -> list[Q]:
    conditions = []
    if wanted.since:
        conditions.append(Q(day__gte=wanted.since))
    if wanted.until:
        conditions.append(Q(day__lte=wanted.until))
    return conditions


def _named(network: Network, word: str) -> QuerySet[Contact]:
    """The people with a name that begins like the folded word."""
    names = network.search_words.filter(is_name=True, word__prefix=word)
    return network.contacts.filter(pk__in=names.values("contact"))


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
