"""Circles: groups of people that the member names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction

from contacts.models import Circle, CircleMembership, Contact, Network
from contacts.text import one_line


def add_circle(network: Network, *, name: str) -> Circle:
    """Make a circle. Raises ValidationError if there is one of this name already."""
    circle = Circle(network=network, name=one_line(name))
    circle.full_clean()
    circle.save()
    return circle


def rename_circle(network: Network, circle: Circle, *, name: str) -> Circle:
    """Raises ValidationError if there is another circle of this name."""
    circle.name = one_line(name)
    circle.full_clean()
    circle.save(update_fields=["name"])
    return circle


def delete_circle(network: Network, circle: Circle) -> None:
    """Dissolve a circle; its people stay."""
    network.circles.filter(pk=circle.pk).delete()


def circles_by_name(network: Network, names: Iterable[str]) -> dict[str, Circle]:
    """The circle of each name as given, made where there is none; upper and lower case are the same.

    Two queries, however many names. Raises ValidationError for a name that is too long; empty names have no circle.
    """
    wanted = {name: one_line(name) for name in names}
    known = {circle.name.casefold(): circle for circle in network.circles.all()}
    missing: dict[str, Circle] = {}
    for name in wanted.values():
        if name and name.casefold() not in known:
            circle = missing.setdefault(name.casefold(), Circle(network=network, name=name))
            circle.full_clean(exclude=["network"], validate_unique=False, validate_constraints=False)
    Circle.objects.bulk_create(missing.values())
    known |= missing
    return {given: known[name.casefold()] for given, name in wanted.items() if name}


def add_to_circle(network: Network, circle: Circle, contacts: Iterable[Contact]) -> None:
    """Put people into a circle; those who are in it already stay."""
    CircleMembership.objects.bulk_create(
        [CircleMembership(network=network, circle=circle, contact=contact) for contact in contacts],
        ignore_conflicts=True,
    )


def remove_from_circle(network: Network, circle: Circle, contacts: Iterable[Contact]) -> None:
    """Take people out of a circle."""
    network.circle_memberships.filter(circle=circle, contact__in=[contact.pk for contact in contacts]).delete()


@transaction.atomic
def set_circles(network: Network, contact: Contact, circles: Collection[Circle]) -> None:
    """Make these the circles that a contact is in, and no others."""
    network.circle_memberships.filter(contact=contact).exclude(circle__in=circles).delete()
    for circle in circles:
        add_to_circle(network, circle, [contact])
