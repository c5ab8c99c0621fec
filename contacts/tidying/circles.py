"""Bulk actions on circles that can be undone exactly: moving people between circles, and deleting empty ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from contacts.models import Circle, CircleMembership, Contact, Network
from contacts.tidying.empty import unused_circles


@dataclass(slots=True)
class CircleChange:
    """Identifiers of memberships that were `added`, and pairs (circle, contact) of those that were `removed`."""

    added: list[str] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def change_circles(
    network: Network, contacts: Iterable[Contact], *, into: Circle | None, out_of: Circle | None
) -> CircleChange:
    """Add contacts to a circle, remove them from another one, or both. Return the data needed to undo this."""
    people = {contact.pk: contact for contact in contacts}
    change = CircleChange()
    if into is not None:
        members = network.circle_memberships.filter(circle=into, contact__in=people)
        known = set(members.values_list("contact", flat=True))
        fresh = [
            CircleMembership(network=network, circle=into, contact=contact)
            for pk, contact in people.items()
            if pk not in known
        ]
        network.circle_memberships.bulk_create(fresh)
        change.added = [str(membership.uuid) for membership in fresh]
    if out_of is not None and out_of != into:
        leaving = network.circle_memberships.filter(circle=out_of, contact__in=people)
        change.removed = [(str(out_of.uuid), str(people[pk].uuid)) for pk in leaving.values_list("contact", flat=True)]
        leaving.delete()
    return change


@transaction.atomic
def take_back_circle_change(network: Network, change: CircleChange) -> None:
    """Undo `change_circles` for the circles and contacts that still exist."""
    network.circle_memberships.filter(uuid__in=change.added).delete()
    circles = {str(row.uuid): row for row in network.circles.filter(uuid__in={circle for circle, _ in change.removed})}
    contacts = {str(row.uuid): row for row in network.contacts.filter(uuid__in={who for _, who in change.removed})}
    network.circle_memberships.bulk_create(
        (
            CircleMembership(network=network, circle=circles[circle], contact=contacts[contact])
            for circle, contact in change.removed
            if circle in circles and contact in contacts
        ),
        ignore_conflicts=True,
    )


def dissolve_circles(network: Network, circles: Iterable[Circle]) -> list[str]:
    """Delete those of the circles that nobody is in. Return their names, from which they can be recreated."""
    unused = unused_circles(network).filter(pk__in=[circle.pk for circle in circles])
    names = list(unused.values_list("name", flat=True))
    unused.delete()
    return names
