"""Contacts without any way to reach them, circles without people, and conversations without people."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from contacts.models import Circle, Contact, Conversation, Network


def unreachable_contacts(network: Network) -> QuerySet[Contact]:
    """Return the contacts without any way to reach them."""
    return network.contacts.filter(~Exists(network.ways_to_reach.filter(contact=OuterRef("pk"))))


def unused_circles(network: Network) -> QuerySet[Circle]:
    """Return the circles that nobody is in, not even people in the trash."""
    return network.circles.filter(~Exists(network.circle_memberships.filter(circle=OuterRef("pk"))))


def conversations_with_nobody(network: Network) -> QuerySet[Conversation]:
    """Return the conversations all of whose people have been erased."""
    parts = network.conversation_participations.filter(conversation=OuterRef("pk"))
    return network.conversations.filter(~Exists(parts))
