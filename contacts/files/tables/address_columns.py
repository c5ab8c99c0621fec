"""Separating the columns of several addresses in one table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from contacts.files.tables.fields import Target, target
from contacts.files.tables.headers import PLACE_OF_WORD, normalised

NUMBER = re.compile(r"(?<![0-9])([0-9]{1,2})(?![0-9])")
OF_ONE = ("street", "city", "postcode", "country", "region", "post_box", "house_number")
TELLING = ("city", "postcode")


def targets_of(mapping: Mapping[int, str], header: Sequence[str]) -> dict[int, Target]:
    """Returns the fields that columns are assigned to, with a slot of its own for each of several addresses.

    If a town or a postcode occurs twice under one label, the addresses are distinguished by words such as "mailing" and
    "other" in the headings, or by numbers; without these, by order: a part that an address already has begins the next.
    """
    targets = {column: found for column, key in sorted(mapping.items()) if (found := target(key)) is not None}
    by_slot: dict[str, list[int]] = {}
    for column, found in targets.items():
        if found.field == "address" and not found.slot.isdecimal():
            by_slot.setdefault(found.slot, []).append(column)
    for slot, columns in by_slot.items():
        parts = [targets[column].part for column in columns]
        if any(parts.count(part) > 1 for part in TELLING):
            targets |= _separated(slot, columns, targets, header)
    return targets


def _separated(
    slot: str, columns: Sequence[int], targets: Mapping[int, Target], header: Sequence[str]
) -> dict[int, Target]:
    titles = {column: header[column] if column < len(header) else "" for column in columns}
    numbers = {column: int(found[1]) for column in columns if (found := NUMBER.search(titles[column]))}
    is_numbered = any(numbers.get(column, 1) > 1 for column in columns if targets[column].part in TELLING)
    words = {column: _word_of_place(titles[column]) for column in columns}
    distinct = list(dict.fromkeys(words.values()))
    separated: dict[int, Target] = {}
    place, seen = 1, set[str]()
    for column in columns:
        part = targets[column].part
        is_second_line = part == "extended" and column in numbers
        if len(distinct) > 1:
            place = distinct.index(words[column]) + 1
        elif is_numbered:
            place = numbers.get(column, 1)
            if place > 1 and is_second_line:
                part = "street"
        else:
            if is_second_line and seen & set(TELLING):
                part = "street"
            if part in seen and part in OF_ONE:
                place, seen = place + 1, set()
            seen.add(part)
        separated[column] = Target("address", f"{slot} {place}".strip() if place > 1 else slot, part)
    return separated


def _word_of_place(title: str) -> str:
    """Returns the word in a heading, such as "other", that distinguishes addresses without being a label of one."""
    return next((word for word in normalised(title).split() if PLACE_OF_WORD.get(word) == ""), "")
