"""Ways to reach somebody: which values are accepted, and the normalised form by which they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber

from accounts.models import User
from contacts.cards import Way
from contacts.models import Contact, Network, WayToReach
from contacts.text import one_line

Kind = WayToReach.Kind
KINDS = frozenset(Kind.values)

INTERNATIONAL = re.compile(r"\+[1-9][0-9]*(?:[ -][0-9]+)*")
FEWEST_INTERNATIONAL = 10
LONGEST_NATIONAL = 11
"""Maximum digits of a national number without its leading "0"; a longer one begins with a country code."""
LETTER = re.compile(r"[^\W\d_]")
REGION_OF_LANGUAGE = {"de": "DE", "en": "US"}


def region_of(member: User) -> str:
    """Return the member's country (ISO 3166), for phone numbers without a prefix: by time zone, else by language."""
    return _countries().get(member.time_zone) or REGION_OF_LANGUAGE.get(member.language, "US")


@lru_cache(maxsize=8192)  # An import asks twice: to find people, and to store them.
def normalise(kind: str, value: str, *, region: str) -> str:
    """Return the form by which ways are compared. Never fails, because files hold invalid addresses that must be kept.

    An e-mail address becomes lower case, a phone number E.164 (with "x12" for an extension) if it parses in `region`, a
    link loses its scheme, "www." and final slash, and a postal address becomes lower case on one line.
    """
    value = one_line(value)
    if kind == Kind.EMAIL:
        # Only internationalised addresses have more than one form, and the validator is slow.
        is_plain = value.isascii() and "xn--" not in value.lower()
        return value.casefold() if is_plain else _email(value) or value.casefold()
    if kind == Kind.PHONE:
        return _plainly_e164(value) or _phone(value, region) or "".join(filter(str.isalnum, value)).casefold()
    if kind == Kind.LINK:
        return _bare_link(value)
    return value.casefold()


def check_way(kind: str, value: str, *, region: str) -> None:
    """Raise ValidationError, saying what to do, if a value typed by a member cannot be right."""
    value = one_line(value)
    if kind == Kind.EMAIL and not _email(value):
        raise ValidationError(_("This is not an e-mail address. One looks like anna@example.org."))
    if kind == Kind.PHONE and not _phone(value, region):
        raise ValidationError(_("This is not a phone number. Write it with its area code, or with + and the country."))
    if kind == Kind.LINK and not _is_web_address(value):
        raise ValidationError(_("Only web addresses that begin with https:// or http:// can be kept as links."))


def web_address(value: str) -> str:
    """Add the scheme that people leave out of links: "example.org/anna" becomes "https://example.org/anna"."""
    value = one_line(value)
    head = value.partition("/")[0]
    return f"https://{value}" if "." in head and ":" not in head and " " not in value else value


WAY_VALUES = ("kind", "label", "value", "normalised", "parts", "position")


def way_values(ways: Iterable[Way], *, region: str) -> list[tuple[str, str, str, str, list[str], int]]:
    """Return the ways of one contact as `WAY_VALUES`, cleaned and normalised, without empty ones and duplicates."""
    kept: dict[tuple[str, str], tuple[str, str, str, str, list[str], int]] = {}
    for way in ways:
        value = one_line(way.value)
        key = (way.kind, normalise(way.kind, value, region=region))
        if value and key not in kept:
            kept[key] = (way.kind, one_line(way.label), value, key[1], list(way.parts), min(len(kept), 32767))
    return list(kept.values())


def surely_fits(values: tuple[str, str, str, str, list[str], int]) -> bool:
    """Return whether the values are short enough to skip validation, because checking every field is slow."""
    kind, label, value, *_rest = values
    return len(value) <= 200 and len(label) <= 100 and kind in KINDS


def new_ways(contact: Contact, ways: Iterable[Way], *, region: str) -> list[WayToReach]:
    """Return unsaved rows for the ways of a contact; see `way_values`."""
    return [
        WayToReach(network=contact.network, contact=contact, **dict(zip(WAY_VALUES, values, strict=True)))
        for values in way_values(ways, region=region)
    ]


def replace_ways(network: Network, contact: Contact, ways: Sequence[Way]) -> None:
    """Replace the contact's ways to reach, in this order. A row that stays the same keeps its identity."""
    known = {(way.kind, way.normalised): way for way in network.ways_to_reach.filter(contact=contact)}
    for row in new_ways(contact, ways, region=region_of(network.owner)):
        kept = known.pop((row.kind, row.normalised), None)
        if kept is not None:
            kept.contact, kept.label, kept.value, kept.position = contact, row.label, row.value, row.position
            kept.parts = row.parts or kept.parts
            row = kept
        row.full_clean()
        row.save()
    network.ways_to_reach.filter(pk__in=[way.pk for way in known.values()]).delete()


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return ""


def _phone(value: str, region: str) -> str:
    number = _possible_number(value, region)
    if not (number and number.extension) and (letter := LETTER.search(value)):
        # Letters represent digits, as in 0800 FLOWERS, only if the part before them is not a complete number.
        digits = _possible_number(value[: letter.start()], region)
        number = digits if digits and phonenumbers.is_valid_number(digits) else number
    if number is None:
        return ""
    if is_short_number(number, region):
        return str(number.national_number)
    extension = f"x{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _possible_number(value: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    if (international := _without_plus(value, number, region)) is not None:
        return international
    return number if phonenumbers.is_possible_number(number) else None


def _without_plus(value: str, number: PhoneNumber, region: str) -> PhoneNumber | None:
    """Return the international number that a value is if only its "+" is missing, or None.

    That is what spreadsheets make of numbers: "491701234567". Where numbers are dialled with a "0" in front, one
    without it is international if it begins with the country's own code, is too long for a national one, or is a mobile
    number abroad; elsewhere, if it is no valid national number.
    """
    digits = "".join(filter(str.isdecimal, value))
    if len(digits) < FEWEST_INTERNATIONAL or value.lstrip(" (")[:1] in ("+", "0"):
        return None
    try:
        found = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found):
        return None
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.national_prefix != "0":
        return None if phonenumbers.is_valid_number(number) else found
    is_own = found.country_code == phonenumbers.country_code_for_region(region)
    is_mobile = phonenumbers.number_type(found) == phonenumbers.PhoneNumberType.MOBILE
    is_national = phonenumbers.is_valid_number(number) and len(digits) <= LONGEST_NATIONAL
    return found if is_own or is_mobile or not is_national else None


def is_short_number(number: PhoneNumber, region: str) -> bool:
    """Return whether a number is dialled as it is, such as 112, and only in its own country."""
    return not number.italian_leading_zero and phonenumbers.is_valid_short_number_for_region(number, region)


def international(value: str, *, region: str) -> str:
    """Return a number of another country as dialled from here; unchanged unless it is valid there."""
    if value.lstrip(" (")[:1] == "+" or value.lstrip().startswith("00"):
        return value
    number = _possible_number(value, region)
    if number is None or not phonenumbers.is_valid_number(number):
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _plainly_e164(value: str) -> str:
    """Return a number that is E.164 except for spaces and hyphens, as phones store it; empty if it needs a closer look.

    Gives the same result as `_phone` in a fifth of the time, which makes an import of phone numbers a tenth faster.
    """
    if not INTERNATIONAL.fullmatch(value):
        return ""
    digits = value[1:].replace(" ", "").replace("-", "")
    # No country code is a prefix of another.
    country = next((digits[:end] for end in (1, 2, 3) if int(digits[:end]) in COUNTRY_CODE_TO_REGION_CODE), "")
    lengths, prefix = _numbers_of(country)
    national = digits[len(country) :]
    # A national prefix after the country code is not part of the number, or not in this form.
    match = prefix.match(national)
    is_whole = len(national) in lengths and not national.startswith("0") and not (match and match.group())
    return f"+{digits}" if is_whole else ""


@cache
def _numbers_of(country: str) -> tuple[frozenset[int], re.Pattern[str]]:
    """Return the possible lengths of national numbers in a country code, and a pattern of their national prefixes."""
    if not country:
        return frozenset(), re.compile("")
    region = phonenumbers.region_code_for_country_code(int(country))
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(country), region)
    return frozenset(metadata.general_desc.possible_length), re.compile(metadata.national_prefix_for_parsing or "")


def _bare_link(value: str) -> str:
    bare = value.casefold()
    for beginning in ("https://", "http://", "www."):
        bare = bare.removeprefix(beginning)
    return bare.rstrip("/")


def _is_web_address(value: str) -> bool:
    return WayToReach(kind=Kind.LINK, value=value).is_web_address


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return the country of each time zone, from the table of the IANA database."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
