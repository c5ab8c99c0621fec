"""Finding contacts by the beginnings of words, ignoring case, accents and umlauts.

Words are folded in Python when they are stored, and looked up by prefix in one index, so that SQLite and PostgreSQL
return the same results and the time does not grow with the network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from contacts.database.batches import batches
from contacts.database.bulk import insert_prepared
from contacts.models import Contact, Conversation, Network, SearchWord, WayToReach
from contacts.text import fold, fold_words

BATCH = 500
MAX_WORDS = 3000
"""Search words per contact; only endless notes contain more."""
LONGEST_QUERY = 200
MOST_SOUGHT = 12
"""Characters of a query, and words among them, that are searched for: each word costs a subquery."""
NAME_PREFIX = 2
"""Length in letters up to which only names are searched, as nearly every contact has a word with any given letter.

Other words this short are not stored, because nothing could find them.
"""


@SearchWord._meta.get_field("word").register_lookup
class Prefix(Lookup):
    """Words that begin with a folded prefix, in the form that each database can answer from the index."""

    lookup_name = "prefix"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*parameters, f"{self.rhs}%")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        # SQLite compares text by bytes: all words with this prefix lie between it and its last possible continuation.
        beyond = f"{self.rhs}\U0010ffff"
        return f"({column} >= %s AND {column} < %s)", (*parameters, str(self.rhs), *parameters, beyond)


def sought_words(query: str) -> list[str]:
    """Return the distinct folded words of a query that are searched for. Anything past the limits is ignored."""
    return fold_words(query[:LONGEST_QUERY])[:MOST_SOUGHT]


def find_contacts(
    network: Network, query: str, *, names_only: bool = False, most: int = MOST_SOUGHT
) -> QuerySet[Contact]:
    """Return the contacts in which each word of `query` begins some word, or all contacts if the query has no words.

    Only the `most` longest words are used.
    """
    contacts = network.contacts.all()
    for prefix in sorted(sought_words(query), key=len, reverse=True)[:most]:
        words = network.search_words.filter(word__prefix=prefix)
        if names_only or len(prefix) <= NAME_PREFIX:
            words = words.filter(is_name=True)
        contacts = contacts.filter(pk__in=words.values("contact"))
    return contacts


@transaction.atomic(savepoint=False)
def index_contacts(network: Network, contacts: Iterable[Contact]) -> None:
    """Update the search words of these contacts, with a handful of queries per 500 contacts.

    Call this after changing any text of a contact; contacts/matching notices the change by the network's revision.
    """
    for batch in batches(contacts, BATCH):
        _index_batch(network, batch)


def index_new_contacts(network: Network, contacts: Sequence[Contact], texts: Mapping[int, list[str]]) -> None:
    """Store the words of contacts that were just added, which already have the network's next text revision.

    `texts` maps primary keys to what is searched besides a contact's own fields; see `_texts_elsewhere`.
    """
    _insert(network, [row for contact in contacts for row in _rows(contact, texts.get(contact.pk, []))])


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
    texts = _texts_elsewhere(network, contact_ids)
    wanted = {row for contact in contacts for row in _rows(contact, texts.get(contact.pk, []))}
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


def _rows(contact: Contact, texts: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Return the words of a contact as (contact, word, is name); words of the name are not repeated."""
    names = fold_words(
        f"{contact.display_name} {contact.given_name} {contact.additional_names} {contact.family_name} "
        f"{contact.nickname}"
    )
    # Notes come last, so that theirs are the words cut off by the limit.
    fields = [contact.organisation, contact.department, contact.role, contact.city, contact.how_met]
    others = fold_words(" ".join([*fields, *texts, contact.notes]))
    sought = [word for word in others if len(word) > NAME_PREFIX]
    words = dict.fromkeys(sought[:MAX_WORDS], False) | dict.fromkeys(names, True)
    key = contact.pk
    return ((key, word, is_name) for word, is_name in words.items())


def _texts_elsewhere(network: Network, contact_ids: list[int]) -> dict[int, list[str]]:
    """Return what is searched besides the contact's own fields: open topics, and e-mail addresses up to the @."""
    texts: dict[int, list[str]] = {}
    topics = network.topics.filter(contact__in=contact_ids, closed_on=None).values_list("contact", "text")
    emails = network.ways_to_reach.filter(contact__in=contact_ids, kind=WayToReach.Kind.EMAIL)
    for contact_id, text in topics:
        texts.setdefault(contact_id, []).append(text)
    for contact_id, value in emails.values_list("contact", "value"):
        texts.setdefault(contact_id, []).append(name_in_address(value))
    return texts


def name_in_address(email: str) -> str:
    """Return the part of an e-mail address that is searched."""
    return email.partition("@")[0]
