"""Postal addresses as one text, and as the seven components of a vCard's ADR."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from contacts.people.countries import region_of_country
from contacts.text import clean

Parts: TypeAlias = tuple[str, str, str, str, str, str, str]
"""The seven components of a vCard's ADR: post box, extension, street, city, region, postcode, country."""

BETWEEN = re.compile(r"\s*\n\s*|\s*,\s+|\s*;\s*|\s{2,}")
POSTCODE_FIRST = re.compile(r"([0-9]{4} [A-Z]{2}|(?:[A-Z]{1,3}-|[A-Z] )?[0-9]{4,5}|[0-9]{3} [0-9]{2})\s+([^\W\d].*)")
"""A postcode before the town: ``10115 Berlin``, ``D-10115 Berlin``, ``110 00 Praha``, ``1012 AB Amsterdam``."""
STATE_AND_POSTCODE = re.compile(
    r"(?:(.+?),?\s+)?([A-Z]{2,3})\s+([0-9]{5}(?:-[0-9]{4})?|[0-9]{4}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])(?:\s+(.*))?"
)
"""State and postcode, perhaps with more after them: ``Springfield IL 62704``, ``Toronto ON M5V 2T6``."""
BRITISH = re.compile(r"(?:(.+?)\s+)?([A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})")
POSTCODE = re.compile(r"[0-9]{4,5}(?:-[0-9]{4})?|[0-9]{3} [0-9]{2}")
STATE = re.compile(r"[A-Z]{2,3}")
NUMBER_FIRST = re.compile(r"[0-9]+[a-z]?\s+\S")


def parts_of(text: str) -> Parts:
    """Returns the components of an address in one text; all of it becomes the street if no town is found."""
    lines = [line.strip(" ,") for line in BETWEEN.split(text.strip()) if line.strip(" ,")]
    country = lines.pop() if len(lines) > 1 and region_of_country(lines[-1]) else ""
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        before, after = lines[:place], lines[place + 1 :]
        if POSTCODE.fullmatch(line) and len(before) > 1:
            region = before.pop() if STATE.fullmatch(before[-1]) and len(before) > 2 else ""
            city = before.pop()
            return "", "", ", ".join(before), city, ", ".join(filter(None, [region, *after])), line, country
        if found := POSTCODE_FIRST.fullmatch(line):
            if place == 0 and NUMBER_FIRST.match(line) and after:
                continue  # A house number of four digits.
            return "", "", ", ".join(before), found[2], ", ".join(after), found[1], country
        if found := STATE_AND_POSTCODE.fullmatch(line):
            city = found[1] or (before.pop() if len(before) > 1 else "")
            rest = ", ".join([found[2], *filter(None, [found[4]]), *after])
            return "", "", ", ".join(before), city, rest, found[3], country
        if found := BRITISH.fullmatch(line):
            city = found[1] or (before.pop() if len(before) > 1 else "")
            return "", "", ", ".join(before), city, ", ".join(after), found[2], country
    return "", "", ", ".join(lines), "", "", "", country


def with_commas(text: str) -> str:
    """Returns a part of an address with its line ends replaced by commas, unless lines end in commas already."""
    lines = clean(text).strip().split("\n")
    return ", ".join(line.rstrip(", ") for line in lines if line.strip(", ")) if len(lines) > 1 else text


def address_text(parts: Sequence[str]) -> str:
    """Returns the seven components of an address as one line."""
    return ", ".join(part for part in in_reading_order(parts) if part)


def in_reading_order(parts: Sequence[str]) -> tuple[str, ...]:
    """Returns the components of an address in reading order: street, further lines, post box, town, and the rest."""
    post_box, extended, street, city, region, postcode, country = parts
    return street, extended, post_box, f"{postcode} {city}".strip(), region, country
