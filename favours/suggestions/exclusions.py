"""People who are never suggested, at the member's request, and readmitting them."""

from __future__ import annotations

from contacts.models import Contact, Network
from favours.models import Suggestion

NEVER = Suggestion.State.NEVER


def excluded_people(network: Network) -> list[Contact]:
    """Return the people who are never suggested, sorted by name. One query."""
    excluded = network.suggestions.filter(state=NEVER).values("contact")
    return list(network.contacts.filter(pk__in=excluded).order_by("sort_name", "pk"))


def readmit(network: Network, contact: Contact) -> None:
    """Allow somebody to be suggested again. Idempotent."""
    network.suggestions.filter(contact=contact, state=NEVER).update(state=Suggestion.State.OPEN)
