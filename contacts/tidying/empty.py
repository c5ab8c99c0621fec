"""What holds nobody or leads nowhere: contacts out of reach, circles and conversations without people."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from contacts.models import Circle, Contact, Conversation, Network


def unreachable_contacts(network: Network) -> QuerySet[Contact]:
    """The contacts that have no way to reach at all."""
    return network.contacts.filter(~Exists(network.ways_to_reach.filter(contact=OuterRef("pk"))))


def unused_circles(network: Network) -> QuerySet[Circle]:
    """The circles that nobody is in, people in the trash counting as somebody."""
    return network.circles.filter(~Exists(network.circle_memberships.filter(circle=OuterRef("pk"))))


def conversations_with_nobody(network: Network) -> QuerySet[Conversation]:
    """The conversations whose people are all gone for good."""
    parts = network.conversation_participations.filter(conversation=OuterRef("pk"))
    return network.conversations.filter(~Exists(parts))
