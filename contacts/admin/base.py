"""Base classes for all lists in the admin site: rows are never counted, and members see only their own."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ShowFacets
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contacts.models import Network
from contacts.people.search_words import LONGEST_QUERY

AT_ONCE = 500
"""Maximum rows per action; slow actions are limited to one page."""


class UncountedPaginator(Paginator):  # type: ignore[type-arg]
    """Paginator that never counts rows: the count would be shown, and costs a scan of the table."""

    count = 10**9


KEY = re.compile(r"[0-9]{1,18}")


class QuietAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists of rows that can be viewed and acted on, but not added, edited, deleted or counted."""

    paginator = UncountedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions_selection_counter = False
    list_max_show_all = 0

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Return whether the list offers this filter.

        By default Django allows any column, even one that the list hides.
        """
        offered = {getattr(each, "parameter_name", each) for each in self.get_list_filter(request)}
        return lookup in offered or lookup.partition("__")[0] in offered

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term[:LONGEST_QUERY])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Render the list. Raises BadRequest for parameters that no page sends.

        PostgreSQL fails on NUL, every database on keys that are not numbers, and SQLite on sorting by thousands of
        columns.
        """
        if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
            raise BadRequest("NUL in the query string")
        if not all(KEY.fullmatch(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A key that no row has")
        if any(
            len(value) > LONGEST_QUERY for name, values in request.GET.lists() for value in values if name != SEARCH_VAR
        ):
            raise BadRequest("A filter or an order that no page offers")
        return super().changelist_view(request, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the row of a page, or None. Ignores an empty field name, on which Django would fail."""
        return super().get_object(request, object_id, from_field or None)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Return the columns of the list: a row's own page shows nothing else."""
        return self.list_display

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class _PublicChangeList(ChangeList):
    """List that puts public identifiers into the URLs of rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pk_attname = "uuid"


class NetworkAdmin(QuietAdmin):
    """Rows of the staff member's own network. `queue` selects them; `title` is the heading of the list."""

    list_display_links = None
    title: str | Promise

    def queue(self, network: Network) -> QuerySet[Any]:
        """Return the rows of a network to list."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.queue(network_of(request)).order_by(*self.get_ordering(request))
        related = self.list_select_related
        # A row's own page shows what the list shows, so it needs the same.
        return rows if isinstance(related, bool) else rows.select_related(*related)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        try:
            identifier = UUID(object_id)
        except ValueError:
            return None
        return self.get_queryset(request).filter(uuid=identifier).first()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _PublicChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.title, "subtitle": None, **(extra_context or {})})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return False: the start page lists the queues in its own words."""
        return False


def network_of(request: HttpRequest) -> Network:
    """Return the network of the signed-in member; see contacts/middleware.py."""
    network: Network = request.network  # type: ignore[attr-defined]
    return network


def link(address: str, text: str) -> SafeString:
    """Return a link to a page of the application."""
    return format_html('<a href="{}">{}</a>', address, text)
