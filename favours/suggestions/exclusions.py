"""People whom the member does not want suggested any more, and taking that back."""

from __future__ import annotations

from contacts.models import Contact, Network
from favours.models import Suggestion

NEVER = Suggestion.State.NEVER


def excluded_people(network: Network) -> list[Contact]:
    """Those who are suggested no more, by name. One query."""
    excluded = network.suggestions.filter(state=NEVER).values("contact")
    return list(network.contacts.filter(pk__in=excluded).order_by("sort_name", "pk"))


def readmit(network: Network, contact: Contact) -> None:
    """Let somebody be suggested again; again and again without harm."""
    network.suggestions.filter(contact=contact, state=NEVER).update(state=Suggestion.State.OPEN)
