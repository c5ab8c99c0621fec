"""Writing CSV in the layout of Google's contacts, with additional columns for fields that Google lacks.

A table cannot hold pictures; it only names their files. The file begins with a byte order mark, by which spreadsheets
recognise UTF-8. Cells that they could take for a formula begin with an apostrophe, which the import removes; phone
numbers get blanks instead.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterable

import phonenumbers

from contacts.cards import ADDRESS_PARTS, Card
from contacts.files.labels import STANDARD
from contacts.files.tables import google
from contacts.files.tables.rows import GROUPED_NUMBER, guarded

INTERNATIONAL = re.compile(r"\+[0-9 ()/.-]+")
SEVERAL = f" {google.SEPARATOR} "


def write(cards: Iterable[Card], *, names_photos: bool = False) -> Generator[str]:
    """Yields a header and a row for each card, each as text with CR LF. Iterates over ``cards`` twice.

    With ``names_photos``, a column holds the paths of the pictures' files.

    The first pass counts how many columns the card with the most addresses, numbers and so on needs; it yields an empty
    text for each card to show progress.
    """
    most = dict.fromkeys(google.NUMBERED, 1)
    for card in cards:
        for kind, values in numbered_cells(card).items():
            most[kind] = max(most[kind], len(values))
        yield ""
    photos = [google.PHOTO_COLUMN] if names_photos else []
    yield f"\ufeff{line(header(most) + photos)}"
    for card in cards:
        cells = row(card, most) + ([card.photo_file] if names_photos else [])
        yield line([guarded(cell) for cell in cells])


def header(most: dict[str, int]) -> list[str]:
    """Returns the names of all columns, with room for ``most`` values of each kind."""
    numbered = [
        f"{noun} {number} - {part}"
        for kind, (noun, parts) in google.NUMBERED.items()
        for number in range(1, most[kind] + 1)
        for part in parts
    ]
    return [*google.COLUMNS, *numbered, *google.OWN_COLUMNS]


def row(card: Card, most: dict[str, int]) -> list[str]:
    """Returns the cells of one card, with room for ``most`` values of each kind."""
    cells = [cell(card, key) for key in google.COLUMNS.values()]
    for kind, values in numbered_cells(card).items():
        parts = google.NUMBERED[kind][1].values()
        cells += [value.get(part, "") for value in values for part in parts]
        cells += [""] * (len(parts) * (most[kind] - len(values)))
    return cells + [cell(card, key) for key in google.OWN_COLUMNS.values()]


def cell(card: Card, field: str) -> str:
    """Returns the cell for a field of which a card has only one value."""
    value = getattr(card, field)
    if field == "extra":
        return "\n".join(value)
    if field == "is_organisation":
        return "yes" if value else "no"
    if field in ("has_died", "would_call"):
        return "yes" if value else ""
    return SEVERAL.join(value) if isinstance(value, list) else str(value or "")


def numbered_cells(card: Card) -> dict[str, list[dict[str, str]]]:
    """Returns, for each kind of field that a card may have several of, the cells of each value, keyed by part."""
    cells: dict[str, list[dict[str, str]]] = {kind: [] for kind in google.NUMBERED}
    for way in card.ways:
        parts = dict(zip(ADDRESS_PARTS, way.parts, strict=True)) if way.parts else {}
        value = in_groups(way.value) if way.kind == "phone" else way.value
        cells[way.kind].append({"label": shown_label(way.label), "": value, "whole": value, **parts})
    cells["related"] = [
        {"label": shown_label(related.label), "": related.name, "uid": related.uid} for related in card.related
    ]
    return cells


def in_groups(number: str) -> str:
    """Returns an international phone number in groups of digits; any other text as it is."""
    if not INTERNATIONAL.fullmatch(number) or GROUPED_NUMBER.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return " ".join(re.findall(r"\+?[0-9]+", shown)) if phonenumbers.is_possible_number(parsed) else number


def shown_label(label: str) -> str:
    """Returns a standard label as Google writes it, ``Work Fax``; any other label unchanged."""
    return label.title() if label and all(word in STANDARD for word in label.split()) else label


def line(cells: list[str]) -> str:
    """Returns cells as a line of CSV with its CR LF."""
    output = io.StringIO()
    csv.writer(output).writerow(cells)
    return output.getvalue()
