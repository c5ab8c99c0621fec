"""The member's own asks: things they are looking for, and the people who may know about them.

Only the member opens and closes an ask. Nothing about it depends on help, in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from contacts.models import Network, Topic
from contacts.people.topics import add_topic
from favours.tips.tip_box import Person, who_knows


def add_ask(network: Network, text: str) -> Topic:
    """Note something that the member is looking for; an equal open ask is renewed. Raises ValidationError."""
    return add_topic(network, contact=None, kind=Topic.Kind.SEEKS, text=text)


def open_asks(network: Network) -> QuerySet[Topic]:
    """Return the asks that are not closed, the newest first."""
    return network.topics.filter(contact=None, kind=Topic.Kind.SEEKS, closed_on=None)


def who_may_know(network: Network, ask: Topic) -> Sequence[Person]:
    """Return the people to ask, the likeliest first. The result never depends on who gave or received help."""
    return who_knows(network, ask.text)
