"""The texts of a network that tips are matched against, and their index, cached between requests.

The database is authoritative: before each use, the index is updated to the network's `text_revision`, reading only the
contacts that changed. It includes the texts of archived and trashed contacts, because archiving and trashing change no
text; lookups leave them out.
"""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from contacts.matching.words.index import Hit, Likeness, PhraseIndex
from contacts.models import Contact, Network, Topic

SENTENCE_ENDS = re.compile(r"(?<=[.!?;])\s+|[\r\n]+")
SENTENCES_OF_NOTES = 20
LONGEST_SENTENCE = 500

MAX_BYTES = 12 * 1024 * 1024
"""Maximum bytes for the indexes of all networks in a process; beyond it, the least recently used are dropped."""

LATER_TEXTS = 500
LATER_SHARE = 0.2
"""Additions beyond which an index is rebuilt with new weights: more than this many texts and this share of all."""

ROWS_AT_ONCE = 2000
UNREAD = -1
NO_NUMBER = -1
WITHDRAWN = -1
"""Takes the place of a contact's primary key for a text that has changed or gone."""

MEMBER = 0
"""Used in place of a contact's primary key for the member, whose own offers match too."""

ContactRow = tuple[int, str, str, str]
TopicRow = tuple[int, int | None, str, str]


class Kind(StrEnum):
    """The kind of a text: a kind of topic, or another field of a contact that implies something."""

    SEEKS = "seeks"
    OFFERS = "offers"
    INTEREST = "interest"
    ROLE = "role"
    ORGANISATION = "organisation"
    NOTES = "notes"

    @property
    def is_implied(self) -> bool:
        return self in IMPLIED


IMPLIED = frozenset({Kind.ROLE, Kind.ORGANISATION, Kind.NOTES})
KINDS = tuple(Kind)


class Source(NamedTuple):
    """The origin of a text: the contact's key or MEMBER, and the topic's key or the position of a note's sentence."""

    kind: Kind
    contact: int
    item: int


def sentences(notes: str) -> list[str]:
    """Return the first sentences of notes, each cut to the maximum length of a topic."""
    found = (sentence.strip()[:LONGEST_SENTENCE] for sentence in SENTENCE_ENDS.split(notes))
    return [sentence for sentence in found if sentence][:SENTENCES_OF_NOTES]


def key_of(text: str) -> int:
    """Return a 64-bit hash of a text, the key under which its row is stored once."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def texts_of(network: Network, contact_ids: Collection[int] | None = None) -> Iterator[tuple[Kind, str]]:
    """Yield the texts of a network, or of some of its contacts, with their kinds. Two queries."""
    contacts, topics = _contact_rows(network), _topic_rows(network)
    if contact_ids is not None:
        contacts, topics = contacts.filter(pk__in=contact_ids), topics.filter(contact__in=contact_ids)
    rows = _texts(contacts.iterator(ROWS_AT_ONCE), topics.iterator(ROWS_AT_ONCE))
    return ((source.kind, text) for source, text in rows)


class NetworkTexts:
    """The index of one network's texts at one revision, with the source of each text. Use it only under its `lock`."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.index = PhraseIndex()
        self._revision = UNREAD
        self._later = 0
        self._kinds = array("b")
        self._contacts = array("q")
        self._items = array("q")
        self._keys = array("q")
        self._numbers: dict[int, int] = {}
        self._earlier = array("i")

    def find(
        self, likeness: Likeness, kinds: Collection[Kind], limit: int, hidden: Collection[int] = frozenset()
    ) -> list[tuple[Source, Hit]]:
        """Return the texts of some kinds that are most like a phrase, with their sources, the best first.

        Texts of contacts whose keys are in `hidden` are left out.
        """
        wanted = {KINDS.index(kind) for kind in kinds}
        hits = self.index.best(
            likeness, limit, lambda number: self._kinds[number] in wanted and self._contacts[number] not in hidden
        )
        return [(self._source(hit.number), hit) for hit in hits]

    def at(
        self, keys: Iterable[int], kinds: Collection[Kind], hidden: Collection[int] = frozenset()
    ) -> Iterator[tuple[int, Source]]:
        """Yield the texts with some keys that `find` could return too: each key with every source of its text."""
        wanted = {KINDS.index(kind) for kind in kinds}
        for key in keys:
            number = self._numbers.get(key, NO_NUMBER)
            while number != NO_NUMBER:
                is_there = self._contacts[number] != WITHDRAWN
                if is_there and self._kinds[number] in wanted and self._contacts[number] not in hidden:
                    yield key, self._source(number)
                number = self._earlier[number]

    def key(self, hit: Hit) -> int:
        """Return the key of a text that was found."""
        return self._keys[hit.number]

    def size(self) -> int:
        """Return the approximate size in bytes."""
        return self.index.size() + len(self._kinds) * 29 + len(self._numbers) * 140

    def bring_up_to(self, network: Network, revision: int) -> None:
        """Read the changes up to the network's `revision`, in two queries, or four if a lot has changed.

        If reading fails halfway, the next use starts from scratch.
        """
        if revision == self._revision:
            return
        if self._revision == UNREAD or not self._update(network):
            self._revision = UNREAD
            self._read(network)
        self._revision = revision

    def _read(self, network: Network) -> None:
        self._kinds, self._contacts, self._items = array("b"), array("q"), array("q")
        self._keys, self._numbers, self._earlier = array("q"), {}, array("i")
        self._later = 0
        texts = _texts(_contact_rows(network).iterator(ROWS_AT_ONCE), _topic_rows(network).iterator(ROWS_AT_ONCE))
        self.index = PhraseIndex(self._kept(texts))

    def _update(self, network: Network) -> bool:
        """Replace the texts of changed contacts and the member's own offers. Return False if there are too many."""
        most = max(0, int(max(LATER_TEXTS, LATER_SHARE * len(self._kinds))) - self._later)
        contacts = list(_contact_rows(network).filter(text_revision__gt=self._revision)[: most + 1])
        if len(contacts) > most:
            return False
        changed = {MEMBER, *(row[0] for row in contacts)}
        topics = _topic_rows(network).filter(Q(contact=None) | Q(contact__in=changed))
        texts = list(_texts(contacts, topics))
        for number, contact in enumerate(self._contacts):
            if contact in changed:
                self.index.withdraw(number)
                self._contacts[number] = WITHDRAWN
        for text in self._kept(texts):
            self.index.add(text)
        self._later += len(texts)
        return True

    def _kept(self, texts: Iterable[tuple[Source, str]]) -> Iterator[str]:
        """Yield the texts while recording their sources."""
        for source, text in texts:
            self._kinds.append(KINDS.index(source.kind))
            self._contacts.append(source.contact)
            self._items.append(source.item)
            key = key_of(text)
            self._keys.append(key)
            self._earlier.append(self._numbers.get(key, NO_NUMBER))
            self._numbers[key] = len(self._earlier) - 1
            yield text

    def _source(self, number: int) -> Source:
        return Source(KINDS[self._kinds[number]], self._contacts[number], self._items[number])


_kept: OrderedDict[UUID, NetworkTexts] = OrderedDict()
_guard = Lock()


@contextmanager
def current_texts(network: Network) -> Iterator[NetworkTexts]:
    """Lock a network's texts, brought up to date, while the context is active.

    Takes one query if nothing has changed.
    """
    revision = Network.objects.values_list("text_revision", flat=True).get(pk=network.pk)
    with _guard:
        texts = _kept.setdefault(network.uuid, NetworkTexts())
        _kept.move_to_end(network.uuid)
    with texts.lock:
        texts.bring_up_to(network, revision)
        yield texts
    with _guard:
        _drop_surplus()


def forget_texts(network: Network) -> None:
    """Drop the index of a network, for example after a sweep that queries each of very many networks only once.

    The many objects of kept indexes slow down Python's garbage collection.
    """
    with _guard:
        _kept.pop(network.uuid, None)


def _drop_surplus() -> None:
    total = sum(texts.size() for texts in _kept.values())
    while total > MAX_BYTES and len(_kept) > 1:
        _uuid, texts = _kept.popitem(last=False)
        total -= texts.size()


def _contact_rows(network: Network) -> QuerySet[Contact, ContactRow]:
    return network.contacts(manager="with_trash").order_by("pk").values_list("pk", "role", "organisation", "notes")


def _topic_rows(network: Network) -> QuerySet[Topic, TopicRow]:
    topics = network.topics(manager="with_trash").filter(closed_on=None, deleted_at=None)
    return topics.order_by("pk").values_list("pk", "contact", "kind", "text")


def _texts(contacts: Iterable[ContactRow], topics: Iterable[TopicRow]) -> Iterator[tuple[Source, str]]:
    for pk, contact, kind, text in topics:
        yield Source(Kind(kind), contact or MEMBER, pk), text
    for pk, role, organisation, notes in contacts:
        if role:
            yield Source(Kind.ROLE, pk, 0), role
        if organisation:
            yield Source(Kind.ORGANISATION, pk, 0), organisation
        for position, sentence in enumerate(sentences(notes)):
            yield Source(Kind.NOTES, pk, position), sentence
