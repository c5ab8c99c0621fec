"""Ways to reach that cannot be right as they are, and proposed corrections.

Phone numbers of a merely possible length are not included: no database says whether they are assigned, and the intended
number cannot be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from contacts.cards import CITY, POSTCODE
from contacts.files.addresses import address_text
from contacts.models import Network, WayToReach
from contacts.people.search import index_contacts
from contacts.people.ways import check_way, normalise, region_of
from contacts.text import one_line

Kind = WayToReach.Kind

ADDRESS = r"^[^@\s,;<>()\[\]]+@([^@\s,;<>()\[\].]+\.)+[^@\s,;<>()\[\].\d]{2,}$"
"""A pattern that nearly all e-mail addresses match; the database uses it to find the others."""

POSTCODE_ONLY = r"^[0-9]{4,5}$"
"""A pattern of cities that are really postcodes; the database uses it to find such addresses."""

MISREAD_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
MISREAD = r"^[^A-Za-z]*([OolI][^A-Za-z]*)+$"
"""A pattern of numbers whose only letters look like digits; the database uses it to find them.

If these letters are dropped or read as other digits, the result may well look like a number, and so have a normal form.
"""

WRITTEN_AT = re.compile(r"\s*[\[({]?\s*\b(?:at|ät)\b\s*[\])}]?\s*", re.IGNORECASE)
WRITTEN_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt)\s*[\])}]\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected value of a way to reach; `parts` for postal addresses only."""

    value: str
    parts: list[str] = field(default_factory=list)


def doubtful_ways(network: Network) -> QuerySet[WayToReach]:
    """Return the doubtful ways to reach of contacts that are not in the trash.

    These are phone numbers that are invalid or contain letters for digits, e-mail addresses that cannot be right, and
    postal addresses with the postcode in place of the city.
    """
    phones = Q(kind=Kind.PHONE) & (~Q(normalised__startswith="+") | Q(value__regex=MISREAD))
    emails = Q(kind=Kind.EMAIL) & ~Q(normalised__regex=ADDRESS)
    addresses = Q(kind=Kind.ADDRESS, **{f"parts__{CITY}__regex": POSTCODE_ONLY})
    # Filter by network twice, so that the database can start from its contacts and go to their ways.
    present = network.ways_to_reach.filter(contact__network=network, contact__deleted_at=None)
    return present.filter(phones | emails | addresses)


def proposed_correction(way: WayToReach, *, region: str) -> Correction | None:
    """Return the value that was probably meant, a phone number in international form; None if there is no proposal."""
    if way.kind == Kind.ADDRESS:
        return _address(way.parts)
    candidates = _phones(way.value, region) if way.kind == Kind.PHONE else _emails(way.value)
    for candidate in candidates:
        try:
            check_way(way.kind, candidate, region=region)
        except ValidationError:
            continue
        return Correction(candidate)
    return None


@transaction.atomic
def correct_ways(network: Network, ways: Iterable[WayToReach]) -> dict[str, Any]:
    """Apply the proposed corrections; ways without one are left alone. Return the old values, by identifier."""
    region = region_of(network.owner)
    proposed = {str(way.uuid): (way, proposed_correction(way, region=region)) for way in ways}
    before = {name: asdict(Correction(way.value, way.parts)) for name, (way, right) in proposed.items() if right}
    _write(network, {name: right for name, (_way, right) in proposed.items() if right}, region)
    return before


@transaction.atomic
def take_back_corrections(network: Network, before: dict[str, Any]) -> None:
    """Restore the values from before `correct_ways`."""
    corrections = {identifier: Correction(**values) for identifier, values in before.items()}
    _write(network, corrections, region_of(network.owner))


def _write(network: Network, corrections: dict[str, Correction], region: str) -> None:
    """Store corrections. A contact's city that came from a corrected address is corrected too."""
    ways = list(network.ways_to_reach.filter(uuid__in=corrections).select_related("contact"))
    moved = []
    for way in ways:
        correction = corrections[str(way.uuid)]
        if way.parts and correction.parts and way.contact.city == way.parts[CITY]:
            way.contact.city = correction.parts[CITY]
            moved.append(way.contact)
        way.value, way.parts = correction.value, correction.parts
        way.normalised = normalise(way.kind, way.value, region=region)
    network.ways_to_reach.bulk_update(ways, ["value", "normalised", "parts"], batch_size=200)
    network.contacts(manager="with_trash").bulk_update(moved, ["city"], batch_size=200)
    index_contacts(network, {way.contact for way in ways})


def _address(parts: list[str]) -> Correction | None:
    """Return the address with city and postcode swapped, if one is clearly in place of the other."""
    city, postcode = parts[CITY], parts[POSTCODE]
    if not re.match(POSTCODE_ONLY, city) or not postcode.replace(" ", "").isalpha():
        return None
    right = [*parts]
    right[CITY], right[POSTCODE] = postcode, city
    return Correction(address_text(right), right)


def _phones(value: str, region: str) -> Iterator[str]:
    """Yield readings of the number in the text: with letters read as digits, and with the missing plus.

    Yields nothing if there are several numbers, because all but one would be lost.
    """
    text = one_line(value)
    digits = "".join(filter(str.isdigit, text))
    read = text.translate(MISREAD_DIGITS) if re.match(MISREAD, text) else text
    for candidate in (read, text.translate(MISREAD_DIGITS), f"+{digits}", digits):
        matches = list(phonenumbers.PhoneNumberMatcher(candidate, region))
        if len(matches) > 1:
            return
        for match in matches:
            yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _emails(value: str) -> Iterator[str]:
    """Yield readings of the address, without brackets, prefixes and stray characters around or inside it.

    Yields nothing if there are several addresses in brackets.
    """
    text = one_line(value)
    inner = IN_BRACKETS.findall(text)
    if len(inner) > 1:
        return
    text = (inner[0] if inner else text).removeprefix("mailto:").strip(" .,;:<>()[]\"'")
    yield text
    spelt = WRITTEN_DOT.sub(".", text)
    spelt = spelt if "@" in spelt else WRITTEN_AT.sub("@", spelt)
    for candidate in (spelt, spelt.replace(" ", ""), spelt.replace(" ", "").replace(",", ".")):
        yield re.sub(r"\.{2,}", ".", re.sub(r"@{2,}", "@", candidate))
