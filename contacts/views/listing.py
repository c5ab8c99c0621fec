"""Contacts by name, page by page."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contacts.models import Contact, Network
from contacts.people.photos import with_pictures
from contacts.views.answers import identifiers

PAGE_SIZE = 50


def listed(network: Network, contacts: QuerySet[Contact], *, after: str = "", start: str = "") -> list[Contact]:
    """Return a page of the contacts with their pictures, plus one more if there are more.

    The page starts after the contact with the identifier `after`, or else at the letter `start`, or else at the
    beginning.
    """
    ordered = with_pictures(contacts).order_by("sort_name", "id")
    last = network.contacts(manager="with_trash").filter(uuid__in=identifiers([after])).first() if after else None
    if last is not None:
        behind = Q(sort_name__gt=last.sort_name) | Q(sort_name=last.sort_name, id__gt=last.pk)
        ordered = ordered.filter(behind, sort_name__gte=last.sort_name)
    elif start:
        ordered = ordered.filter(sort_name__gte=start)
    return list(ordered[: PAGE_SIZE + 1])
