"""The people of a network as plain records, read in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from contacts.duplicates.records import Address, Birthday, PersonRecord
from contacts.models import Contact, Network, WayToReach
from contacts.people.names import split_name

FIELDS = (
    "network",
    *("given_name", "family_name", "suffix", "display_name", "nickname", "organisation", "city", "is_organisation"),
    *("birth_year", "birth_month", "birth_day"),
)
Kind = WayToReach.Kind
Way = tuple[str, str, list[str]]
"""Kind, normalised value and, for postal addresses, the parts."""


def read_records(network: Network) -> list[PersonRecord]:
    """Return a record of each contact that is not in the trash, in two queries."""
    ways: defaultdict[int, list[Way]] = defaultdict(list)
    rows = network.ways_to_reach.filter(contact__deleted_at=None).order_by("pk")
    for contact_id, *way in rows.values_list("contact", "kind", "normalised", "parts").iterator():
        ways[contact_id].append((way[0], way[1], way[2]))
    contacts = network.contacts.order_by("pk").only("pk", *FIELDS)
    return [_record(contact, ways.pop(contact.pk, [])) for contact in contacts.iterator()]


def _record(contact: Contact, ways: Iterable[Way]) -> PersonRecord:
    values: defaultdict[str, list[str]] = defaultdict(list)
    addresses = [Address(city=contact.city)] if contact.city else []
    for kind, value, parts in ways:
        if kind == Kind.ADDRESS:
            addresses.append(_address(value, parts))
        else:
            values[kind].append(value)
    given_name, family_name = _names(contact)
    return PersonRecord(
        key=contact.pk,
        given_name=given_name,
        family_name=family_name,
        suffix=contact.suffix,
        nickname=contact.nickname,
        organisation=contact.organisation,
        emails=tuple(values[Kind.EMAIL]),
        phones=tuple(values[Kind.PHONE]),
        links=tuple(values[Kind.LINK]),
        addresses=tuple(addresses),
        birthday=_birthday(contact),
        is_organisation=contact.is_organisation,
    )


def _names(contact: Contact) -> tuple[str, str]:
    """Return given and family name, split from the display name if the parts are not known."""
    if contact.given_name or contact.family_name:
        return contact.given_name, contact.family_name
    shown = contact.display_name
    # A contact may be known by its address or number only, which is not a name.
    if contact.is_organisation or "@" in shown or not any(character.isalpha() for character in shown):
        return (shown if contact.is_organisation else ""), ""
    name = split_name(shown)
    return name.given_name or shown, name.family_name


def _birthday(contact: Contact) -> Birthday | None:
    if contact.birth_month is None or contact.birth_day is None:
        return None
    return contact.birth_year, contact.birth_month, contact.birth_day


def _address(value: str, parts: list[str]) -> Address:
    """Return an address from the parts of a vCard's ADR, or from `value` if there are too few.

    The parts are post box, extension, street, city, region, postcode and country.
    """
    if len(parts) < 6:
        return Address(street=value)
    return Address(street=parts[2], city=parts[3], postcode=parts[5])
