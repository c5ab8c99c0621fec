"""Circles: groups of people, named by the member."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction

from contacts.models import Circle, CircleMembership, Contact, Network
from contacts.text import fold, one_line

MOST_NAMED = 8


def add_circle(network: Network, *, name: str) -> Circle:
    """Create a circle. Raises ValidationError if one with this name already exists."""
    return _saved(Circle(network=network, name=one_line(name)))


def rename_circle(network: Network, circle: Circle, *, name: str) -> Circle:
    """Rename a circle. Raises ValidationError if another circle has this name."""
    circle.name = one_line(name)
    return _saved(circle)


def delete_circle(network: Network, circle: Circle) -> None:
    """Delete a circle, but none of the people in it."""
    network.circles.filter(pk=circle.pk).delete()


def circles_by_name(network: Network, names: Iterable[str]) -> dict[str, Circle]:
    """Return a circle for each name, keyed by the name as given and created if it does not exist; case is ignored.

    Takes one query if all of them exist, else three, however many names there are. Empty names are skipped. Raises
    ValidationError if a name is too long.
    """
    wanted = {name: one_line(name) for name in names}
    known = _circles(network)
    missing: dict[str, Circle] = {}
    for name in wanted.values():
        if name and name.casefold() not in known:
            circle = missing.setdefault(name.casefold(), Circle(network=network, name=name))
            circle.full_clean(exclude=["network"], validate_unique=False, validate_constraints=False)
    if missing:
        # Another request may be creating the same circles; a fixed order prevents deadlocks.
        Circle.objects.bulk_create([missing[name] for name in sorted(missing)], ignore_conflicts=True)
        known = _circles(network)
    return {given: known[name.casefold()] for given, name in wanted.items() if name}


def circles_named(network: Network, query: str) -> list[Circle]:
    """Return at most eight circles with a word that begins like the query, ignoring case and accents."""
    wanted = fold(query)
    named = [circle for circle in network.circles.all() if f" {wanted}" in f" {fold(circle.name)}"]
    return named[:MOST_NAMED] if wanted else []


def _circles(network: Network) -> dict[str, Circle]:
    return {circle.name.casefold(): circle for circle in network.circles.all()}


def _saved(circle: Circle) -> Circle:
    """Store a circle. Raises ValidationError, including when another request stores the same name just then."""
    circle.full_clean()
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError:
        circle.full_clean()
        raise
    return circle


def add_to_circle(network: Network, circle: Circle, contacts: Iterable[Contact]) -> None:
    """Add contacts to a circle; those already in it are left alone."""
    CircleMembership.objects.bulk_create(
        [CircleMembership(network=network, circle=circle, contact=contact) for contact in contacts],
        ignore_conflicts=True,
    )


def remove_from_circle(network: Network, circle: Circle, contacts: Iterable[Contact]) -> None:
    """Remove contacts from a circle."""
    network.circle_memberships.filter(circle=circle, contact__in=[contact.pk for contact in contacts]).delete()


@transaction.atomic
def set_circles(network: Network, contact: Contact, circles: Collection[Circle]) -> None:
    """Replace the circles that a contact is in."""
    network.circle_memberships.filter(contact=contact).exclude(circle__in=circles).delete()
    for circle in circles:
        add_to_circle(network, circle, [contact])
