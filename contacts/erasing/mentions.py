"""Texts that mention people who are to be erased, and that only the member can edit.

Apps in higher layers register the further kinds of text that members write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from contacts.days import format_day
from contacts.erasing.traces import traces_of
from contacts.models import Contact, Conversation, Network

MOST = 200
"""Texts listed per kind; after editing these, the member sees the next ones."""
EXCERPT = 160

Keys: TypeAlias = Mapping[str, list[str]]
"""Identifiers of rows by kind of text, in a form that a session can hold and that contains no names."""


class Mention(NamedTuple):
    """A text that names somebody: the URL where it can be edited, the title of its row, and its beginning."""

    address: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A kind of text that members write, stored in `columns` of `rows`; `told` returns the URL and title of a row.

    `leaving` returns a filter for the rows that are deleted or emptied together with the contacts of these keys.
    """

    label: Promise
    columns: tuple[str, ...]
    rows: Callable[[Network], QuerySet[Any]]
    leaving: Callable[[Network, Collection[int]], Q]
    told: Callable[[Any], tuple[str, str]]

    def mention(self, row: Any) -> Mention:
        """Return the mention to list for a row."""
        text = " · ".join(value for column in self.columns if (value := getattr(row, column)))
        return Mention(*self.told(row), Truncator(text).chars(EXCERPT))


_writings: dict[str, Writing] = {}


def register_writing(key: str, writing: Writing) -> None:
    """Register a kind of text to be searched. Called once per kind, at startup."""
    _writings[key] = writing


def find_mentions(network: Network, contact: Contact) -> Keys:
    """Return the texts that would still name the contact after erasure, at most MOST of each kind, the newest first."""
    traces = traces_of(network, [contact.pk])
    found = {}
    for key, writing in _writings.items():
        rows = writing.rows(network).exclude(writing.leaving(network, [contact.pk])).order_by("-pk")
        texts = rows.values_list("uuid", *writing.columns).iterator(chunk_size=2000)
        named = (str(identifier) for identifier, *columns in texts if traces.are_in("\n".join(columns)))
        if identifiers := list(islice(named, MOST)):
            found[key] = identifiers
    return found


def listed(network: Network, keys: Keys) -> Iterator[tuple[Promise, list[Mention]]]:
    """Yield the texts that still exist, grouped by kind, with the label of each kind."""
    for key, identifiers in keys.items():
        if (writing := _writings.get(key)) and identifiers:
            rows = writing.rows(network).filter(uuid__in=identifiers).order_by("-pk")
            if mentions := [writing.mention(row) for row in rows]:
                yield writing.label, mentions


def trash_unless(is_here: bool, address: str) -> str:
    """Return the address, or that of the trash if the row must be restored from there before it can be edited."""
    return address if is_here else reverse("favours:trash")


def _of_contact(contact: Contact, name: str = "contacts:detail") -> tuple[str, str]:
    return trash_unless(contact.deleted_at is None, reverse(name, args=[contact.uuid])), contact.display_name


def _talk(talk: Conversation) -> tuple[str, str]:
    address = reverse("contacts:edit_conversation", args=[talk.uuid])
    return trash_unless(talk.deleted_at is None, address), format_day(talk.day, with_year=True)


def _topic(topic: Any) -> tuple[str, str]:
    address = reverse("contacts:edit_topic", args=[topic.uuid])
    is_here = topic.deleted_at is None and (topic.contact is None or topic.contact.deleted_at is None)
    is_here = is_here and (topic.conversation is None or topic.conversation.deleted_at is None)
    return trash_unless(is_here, address), str(topic.contact or topic.get_kind_display())


def _with_them_alone(network: Network, ids: Collection[int]) -> Q:
    with_others = network.conversation_participations.exclude(contact__in=ids).values("conversation")
    return Q(participations__contact__in=ids) & ~Q(pk__in=with_others)


NAMES = ("given_name", "additional_names", "family_name", "prefix", "suffix", "display_name", "nickname")
DETAILS = ("organisation", "department", "role", "city", "how_met", "notes")

register_writing(
    "contacts",
    Writing(
        _("Contacts"),
        NAMES + DETAILS,
        lambda network: network.contacts(manager="with_trash").all(),
        lambda network, ids: Q(pk__in=ids),
        lambda contact: _of_contact(contact, "contacts:edit"),
    ),
)
register_writing(
    "ways",
    Writing(
        _("Ways to reach"),
        ("value", "label"),
        lambda network: network.ways_to_reach.select_related("contact"),
        lambda network, ids: Q(contact__in=ids),
        lambda way: _of_contact(way.contact, "contacts:edit"),
    ),
)
register_writing(
    "lines",
    Writing(
        _("Looking for and offers"),
        ("text",),
        lambda network: network.topics(manager="with_trash").select_related("contact", "conversation"),
        lambda network, ids: Q(contact__in=ids, contact__isnull=False),
        _topic,
    ),
)
register_writing(
    "conversations",
    Writing(
        _("Conversations"),
        ("place", "note"),
        lambda network: network.conversations(manager="with_trash").all(),
        _with_them_alone,
        _talk,
    ),
)
register_writing(
    "reminders",
    Writing(
        _("Reminders"),
        ("text",),
        lambda network: network.reminders.select_related("contact"),
        lambda network, ids: Q(contact__in=ids),
        lambda reminder: _of_contact(reminder.contact),
    ),
)
register_writing(
    "relations",
    Writing(
        _("Related people"),
        ("name", "label"),
        lambda network: network.relations.select_related("contact"),
        lambda network, ids: Q(contact__in=ids) | Q(other__in=ids, other__isnull=False),
        lambda relation: _of_contact(relation.contact),
    ),
)
register_writing(
    "circles",
    Writing(
        _("Circles"),
        ("name",),
        lambda network: network.circles.all(),
        lambda network, ids: Q(pk=None),
        lambda circle: (reverse("contacts:circle", args=[circle.uuid]), circle.name),
    ),
)
