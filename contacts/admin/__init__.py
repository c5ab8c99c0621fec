"""Tidying up one's own network in the admin site: lists of what looks wrong, and bulk actions that can be undone.

A member with staff rights sees their own network here and nothing else.
"""

from __future__ import annotations

from functools import partial

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from contacts.admin.circles import CircleAdmin
from contacts.admin.conversations import ConversationAdmin
from contacts.admin.duplicates import DuplicatePairAdmin
from contacts.admin.imports import ImportRunAdmin
from contacts.admin.merges import MergeAdmin
from contacts.admin.people import ContactAdmin
from contacts.admin.search import search
from contacts.admin.undo import undo
from contacts.admin.ways import WayToReachAdmin
from contacts.models import Circle, Contact, Conversation, DuplicatePair, ImportRun, Merge, WayToReach


def register(site: AdminSite) -> None:
    """Register this app's lists with an admin site."""
    site.register(DuplicatePair, DuplicatePairAdmin)
    site.register(Merge, MergeAdmin)
    site.register(Contact, ContactAdmin)
    site.register(WayToReach, WayToReachAdmin)
    site.register(Circle, CircleAdmin)
    site.register(Conversation, ConversationAdmin)
    site.register(ImportRun, ImportRunAdmin)


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of an admin site's pages that do not belong to a single list."""
    return [
        path("search/", site.admin_view(partial(search, site=site)), name="search"),
        path("undo/<str:key>/", site.admin_view(undo), name="undo"),
    ]
