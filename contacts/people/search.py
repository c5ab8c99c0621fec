"""Finding contacts by the beginnings of words, addresses and numbers, ignoring case, accents and umlauts.

Words are stored in all their forms (search_words.py), and looked up by prefix in one index, so that SQLite and
PostgreSQL return the same results and the time does not grow with the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from contacts.database.batches import batches
from contacts.database.bulk import insert_prepared
from contacts.models import Contact, Conversation, Network, SearchWord, WayToReach
from contacts.people.search_words import (
    MOST_SOUGHT,
    NAME_PREFIX,
    SYLLABLES,
    Sought,
    address_words,
    cut,
    email_words,
    link_words,
    name_words,
    phone_words,
    sought,
    text_words,
    weight,
    words_of,
)
from contacts.text import fold

Kind = WayToReach.Kind
WayValues = tuple[str, str]
"""The kind of a way to reach and its normalised value."""

BATCH = 500
PARTICLE = 3
"""Maximum letters of a last given name that may belong to the family name, as in "Pat O Brien"."""
MAX_WORDS = 3000
"""Maximum search words per contact; only extremely long notes contain more."""


@SearchWord._meta.get_field("word").register_lookup
class Prefix(Lookup):
    """Lookup for words that begin with a folded prefix, in a form that each database can answer from the index."""

    lookup_name = "prefix"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        # Addresses may contain LIKE's wildcards: "anna_berg@example.org" must not match "annaxberg@example.org".
        literal = connection.ops.prep_for_like_query(self.rhs)
        return f"{column} LIKE %s", (*parameters, f"{literal}%")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        # SQLite compares text by bytes: all words with this prefix lie between it and its last possible continuation.
        beyond = f"{self.rhs}\U0010ffff"
        return f"({column} >= %s AND {column} < %s)", (*parameters, str(self.rhs), *parameters, beyond)


def find_contacts(
    network: Network, query: str, *, names_only: bool = False, most: int = MOST_SOUGHT
) -> QuerySet[Contact]:
    """Return the contacts that match every part of `query`.

    A blank query returns all contacts, one of signs only none. Only the `most` longest words are used.
    """
    wanted = sorted(sought(query), key=len, reverse=True)[:most]
    if not wanted:
        return network.contacts.none() if query.strip() else network.contacts.all()
    contacts = network.contacts.all()
    for each in wanted:
        contacts = contacts.filter(_has(network, each, names_only=names_only))
    return contacts


def names_beginning_with(network: Network, word: Sought) -> QuerySet[SearchWord]:
    """Return the words of names that match a word of a query."""
    return _words(network, word, names_only=True)


def _has(network: Network, each: Sought, *, names_only: bool) -> Q:
    """Return the condition that a contact matches a word of a query."""
    condition = Q(pk__in=_words(network, each, names_only=names_only).values("contact"))
    if each.parts:
        in_parts = Q()
        for part in each.parts:
            in_parts &= _has(network, part, names_only=names_only)
        condition |= in_parts
    return condition


def _words(network: Network, each: Sought, *, names_only: bool) -> QuerySet[SearchWord]:
    condition = Q()
    for prefix in each.prefixes:
        is_name = {} if weight(prefix) > NAME_PREFIX or each.anywhere else {"is_name": True}
        condition |= Q(word__prefix=prefix, **is_name)
    words = network.search_words.filter(condition)
    return words.filter(is_name=True) if names_only else words


@transaction.atomic(savepoint=False)
def index_contacts(network: Network, contacts: Iterable[Contact]) -> None:
    """Update the search words of these contacts, with a handful of queries per 500 contacts.

    Call this after changing any text of a contact; contacts/matching notices the change by the network's revision.
    """
    for batch in batches(contacts, BATCH):
        _index_batch(network, batch)


def index_new_contacts(
    network: Network, contacts: Sequence[Contact], topics: Mapping[int, list[str]], ways: Mapping[int, list[WayValues]]
) -> None:
    """Store the words of contacts that were just added, which already have the network's next text revision.

    `topics` and `ways` map primary keys to the texts of topics and to the ways to reach.
    """
    rows = (_rows(each, topics.get(each.pk, []), ways.get(each.pk, [])) for each in contacts)
    _insert(network, [row for some in rows for row in some])


def search_text(conversation: Conversation, heard: Iterable[str]) -> str:
    """Return the folded text that finds a conversation: its place, its note and the topics `heard` in it."""
    return fold(" ".join([conversation.place, conversation.note, *heard]))


def refresh_search_texts(network: Network, conversations: Collection[Conversation]) -> None:
    """Update the search texts of conversations after topics heard in them were added, changed or deleted."""
    heard: dict[int, list[str]] = {}
    topics = network.topics(manager="with_trash").filter(conversation__in=[talk.pk for talk in conversations])
    for talk_id, text in topics.filter(deleted_at=None).order_by("pk").values_list("conversation", "text"):
        heard.setdefault(talk_id or 0, []).append(text)
    for talk in conversations:
        talk.search_text = search_text(talk, heard.get(talk.pk, []))
    Conversation.with_trash.bulk_update(conversations, ["search_text"], batch_size=200)


def _index_batch(network: Network, found: list[Contact]) -> None:
    present = network.mark_texts_changed([contact.pk for contact in found])
    # Contacts erased since they were looked up get no words; see SearchWord.
    contacts = [contact for contact in found if contact.pk in present]
    contact_ids = [contact.pk for contact in contacts]
    topics, ways = _elsewhere(network, contact_ids)
    rows = (_rows(contact, topics[contact.pk], ways[contact.pk]) for contact in contacts)
    wanted = {row for some in rows for row in some}
    known = set(network.search_words.filter(contact__in=contact_ids).values_list("contact", "word", "is_name"))
    changed = {contact_id for contact_id, _word, _is_name in wanted ^ known}
    network.search_words.filter(contact__in=changed).delete()
    _insert(network, sorted(row for row in wanted if row[0] in changed))


def _insert(network: Network, rows: list[tuple[int, str, bool]]) -> None:
    """Insert rows without creating objects: a contact has some twenty words, and objects doubled an import's time."""
    if rows:
        columns = ("network_id", "contact_id", "word", "is_name")
        network_id = network.pk
        insert_prepared(SearchWord, columns, [(network_id, *row) for row in rows])


def _rows(contact: Contact, topics: list[str], ways: list[WayValues]) -> Iterator[tuple[int, str, bool]]:
    """Return the words of a contact as (contact, word, is name); words of the name are not repeated."""
    # Notes come last, so that the limit cuts off their words first.
    fields = [contact.organisation, contact.department, contact.role, contact.city, contact.how_met]
    text = " ".join([*fields, *topics, contact.notes])
    others = chain.from_iterable(FINDERS[kind](value) for kind, value in ways)
    sought = (word for word in cut(chain(others, text_words(text))) if weight(word) > NAME_PREFIX)
    house_numbers = (
        word for kind, value in ways if kind == Kind.ADDRESS for word in words_of(value) if word.isdecimal()
    )
    words = dict.fromkeys(islice(chain(house_numbers, sought), MAX_WORDS), False) | dict.fromkeys(_names(contact), True)
    key = contact.pk
    return ((key, word, is_name) for word, is_name in words.items())


def _names(contact: Contact) -> Iterator[str]:
    given = f"{contact.given_name} {contact.additional_names}"
    whole = text_words if contact.given_name or contact.family_name else name_words
    yield from cut(whole(contact.display_name))
    _first, blank, particle = contact.given_name.rpartition(" ")
    beyond = f"{particle} {contact.family_name}" if blank and len(particle) <= PARTICLE else contact.family_name
    for name in (given, beyond, contact.nickname):
        yield from cut(name_words(name))
    if SYLLABLES.search(contact.family_name):
        yield from cut(name_words(f"{contact.family_name}{contact.given_name}"))


def _elsewhere(
    network: Network, contact_ids: list[int]
) -> tuple[Mapping[int, list[str]], Mapping[int, list[WayValues]]]:
    """Return, by contact, the searched texts besides a contact's own fields: open topics and ways to reach."""
    topics: defaultdict[int, list[str]] = defaultdict(list)
    ways: defaultdict[int, list[WayValues]] = defaultdict(list)
    noted = network.topics.filter(contact__in=contact_ids, closed_on=None).values_list("contact", "text")
    for contact_id, text in noted:
        topics[contact_id or 0].append(text)
    reached = network.ways_to_reach.filter(contact__in=contact_ids)
    for contact_id, kind, value in reached.values_list("contact", "kind", "normalised"):
        ways[contact_id].append((kind, value))
    return topics, ways


FINDERS: dict[str, Callable[[str], Iterator[str]]] = {
    Kind.EMAIL: email_words,
    Kind.PHONE: phone_words,
    Kind.LINK: link_words,
    Kind.ADDRESS: address_words,
}
"""Functions that yield the search words of a normalised way to reach, by its kind."""
