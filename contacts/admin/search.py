"""A search over everything in the member's own network. Apps in higher layers register their own sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import network_of
from contacts.days import format_day
from contacts.models import Network
from contacts.people.search import find_contacts
from contacts.people.search_words import LONGEST_QUERY
from contacts.text import fold, one_line

AT_MOST = 20
"""Hits shown per kind."""
EXCERPT = 120


class Hit(NamedTuple):
    """A search hit: the URL of its page, its name, and its text."""

    address: str
    name: str
    text: str = ""


Source: TypeAlias = Callable[[Network, str], Iterable[Hit]]
"""A function that returns at most AT_MOST hits for a non-empty text."""

_sources: list[tuple[Promise, Source]] = []


def register_source(label: Promise) -> Callable[[Source], Source]:
    """Register the decorated function as a source of hits, shown under the heading `label`."""

    def register(source: Source) -> Source:
        _sources.append((label, source))
        return source

    return register


def search(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Render the hits of each kind as a page of the admin site."""
    query = one_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = [(label, list(source(network_of(request), query))) for label, source in _sources] if query else []
    context = {
        **site.each_context(request),
        "title": _("Search everything"),
        "q": query,
        "found": [(label, hits) for label, hits in found if hits],
    }
    return TemplateResponse(request, "admin/search.html", context)


def excerpt(text: str) -> str:
    """Return the beginning of a text."""
    return Truncator(text).chars(EXCERPT)


@register_source(gettext_lazy("Contacts"))
def _contacts(network: Network, query: str) -> Iterable[Hit]:
    for contact in find_contacts(network, query).order_by("sort_name", "id")[:AT_MOST]:
        yield Hit(contact.get_absolute_url(), contact.display_name, contact.detail)


@register_source(gettext_lazy("Ways to reach"))
def _ways(network: Network, query: str) -> Iterable[Hit]:
    # Filter by network twice, so that the database can start from its contacts and go to their ways.
    ways = network.ways_to_reach.filter(contact__network=network, contact__deleted_at=None, value__icontains=query)
    for way in ways.select_related("contact").order_by("id")[:AT_MOST]:
        yield Hit(way.contact.get_absolute_url(), way.contact.display_name, way.value)


@register_source(gettext_lazy("Circles"))
def _circles(network: Network, query: str) -> Iterable[Hit]:
    for circle in network.circles.filter(name__icontains=query)[:AT_MOST]:
        yield Hit(reverse("contacts:circle", args=[circle.uuid]), circle.name)


@register_source(gettext_lazy("Looking for and offers"))
def _lines(network: Network, query: str) -> Iterable[Hit]:
    lines = network.topics.filter(text__icontains=query, contact__deleted_at=None).select_related("contact")
    for line in lines.order_by("-id")[:AT_MOST]:
        whose = str(line.contact) if line.contact else _("What I can offer myself")
        yield Hit(reverse("contacts:edit_topic", args=[line.uuid]), whose, line.text)


@register_source(gettext_lazy("Conversations"))
def _conversations(network: Network, query: str) -> Iterable[Hit]:
    talks = network.conversations.filter(search_text__contains=fold(query))
    for talk in talks.order_by("-day", "-id")[:AT_MOST]:
        day = format_day(talk.day, with_year=True)
        yield Hit(reverse("contacts:edit_conversation", args=[talk.uuid]), day, excerpt(talk.note))


@register_source(gettext_lazy("Related people"))
def _relations(network: Network, query: str) -> Iterable[Hit]:
    relations = network.relations.filter(name__icontains=query, contact__deleted_at=None).select_related("contact")
    for relation in relations.order_by("id")[:AT_MOST]:
        yield Hit(relation.contact.get_absolute_url(), str(relation.contact), relation.name)


@register_source(gettext_lazy("Reminders"))
def _reminders(network: Network, query: str) -> Iterable[Hit]:
    reminders = network.reminders.filter(text__icontains=query, ended_at=None, contact__deleted_at=None)
    for reminder in reminders.select_related("contact").order_by("due_on", "id")[:AT_MOST]:
        yield Hit(reminder.contact.get_absolute_url(), str(reminder.contact), reminder.text)


@register_source(gettext_lazy("Imports"))
def _imports(network: Network, query: str) -> Iterable[Hit]:
    for run in network.import_runs.filter(file_name__icontains=query).order_by("-created_at")[:AT_MOST]:
        yield Hit(reverse("contacts:import_run", args=[run.uuid]), run.file_name, run.get_state_display())
