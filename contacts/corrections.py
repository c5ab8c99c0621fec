"""Ways to reach that cannot be right as they stand, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from contacts.models import Network, WayToReach
from contacts.search import index_contacts
from contacts.text import one_line
from contacts.ways import check_way, normalise, region_of

Kind = WayToReach.Kind

ADDRESS = r"^[^@\s,;<>()\[\]]+@([^@\s,;<>()\[\].]+\.)+[^@\s,;<>()\[\].\d]{2,}$"
"""What nearly every e-mail address looks like; the database finds the others by it."""

MISREAD_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
WRITTEN_AT = re.compile(r"\s*[\[({]?\s*\b(?:at|ät)\b\s*[\])}]?\s*", re.IGNORECASE)
WRITTEN_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt)\s*[\])}]\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"<([^<>]+)>")


def doubtful_ways(network: Network) -> QuerySet[WayToReach]:
    """The phone numbers that are none and the e-mail addresses that cannot be right, of contacts not in the trash."""
    phones = Q(kind=Kind.PHONE) & ~Q(normalised__startswith="+")
    emails = Q(kind=Kind.EMAIL) & ~Q(normalised__regex=ADDRESS)
    return network.ways_to_reach.filter(phones | emails, contact__deleted_at=None)


def proposed_correction(kind: str, value: str, *, region: str) -> str:
    """What was probably meant; empty where nothing better is known. Numbers come out in international form."""
    candidates = _phones(value, region) if kind == Kind.PHONE else _emails(value)
    for candidate in candidates:
        try:
            check_way(kind, candidate, region=region)
        except ValidationError:
            continue
        return candidate
    return ""


@transaction.atomic
def correct_ways(network: Network, ways: Iterable[WayToReach]) -> dict[str, str]:
    """Write what is proposed for each; those for which nothing is stay. Answers the values before, by identifier."""
    region = region_of(network.owner)
    proposed = {str(way.uuid): (way, proposed_correction(way.kind, way.value, region=region)) for way in ways}
    wanted = {identifier: (way, value) for identifier, (way, value) in proposed.items() if value}
    before = {identifier: way.value for identifier, (way, _value) in wanted.items()}
    _write(network, {identifier: value for identifier, (_way, value) in wanted.items()}, region)
    return before


@transaction.atomic
def take_back_corrections(network: Network, before: dict[str, str]) -> None:
    """Write the values again that stood before `correct_ways`."""
    _write(network, before, region_of(network.owner))


def _write(network: Network, values: dict[str, str], region: str) -> None:
    ways = list(network.ways_to_reach.filter(uuid__in=values).select_related("contact"))
    for way in ways:
        way.value = values[str(way.uuid)]
        way.normalised = normalise(way.kind, way.value, region=region)
    network.ways_to_reach.bulk_update(ways, ["value", "normalised"], batch_size=200)
    index_contacts(network, {way.contact for way in ways})


def _phones(value: str, region: str) -> Iterator[str]:
    """Numbers found in the text, with letters read as digits, and with the plus that was left out."""
    text = one_line(value)
    digits = "".join(filter(str.isdigit, text))
    for candidate in (text, text.translate(MISREAD_DIGITS), f"+{digits}", digits):
        for match in phonenumbers.PhoneNumberMatcher(candidate, region):
            yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _emails(value: str) -> Iterator[str]:
    """The address without what people and programs put around and into it."""
    text = one_line(value)
    inner = IN_BRACKETS.search(text)
    text = (inner[1] if inner else text).removeprefix("mailto:").strip(" .,;:<>()[]\"'")
    yield text
    spelt = WRITTEN_DOT.sub(".", text)
    spelt = spelt if "@" in spelt else WRITTEN_AT.sub("@", spelt)
    for candidate in (spelt, spelt.replace(" ", ""), spelt.replace(" ", "").replace(",", ".")):
        yield re.sub(r"\.{2,}", ".", re.sub(r"@{2,}", "@", candidate))
