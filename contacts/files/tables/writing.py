"""Writing CSV in the layout of Google's contacts, with own columns for what Google has none for.

Pictures have no place in a table. Cells that a spreadsheet could take for a formula begin with an apostrophe, which the
import takes off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterable

from contacts.cards import ADDRESS_PARTS, Card, Way
from contacts.files.labels import STANDARD
from contacts.files.tables.rows import SEVERAL, guarded

NAME_COLUMNS = {
    "First Name": "given_name",
    "Middle Name": "additional_names",
    "Last Name": "family_name",
    "Name Prefix": "prefix",
    "Name Suffix": "suffix",
    "Nickname": "nickname",
    "Organization Name": "organisation",
    "Organization Title": "role",
    "Organization Department": "department",
}
OTHER_COLUMNS = ("Birthday", "Notes", "Labels")
NUMBERED_COLUMNS = {
    "email": ("E-mail", ("Label", "Value")),
    "phone": ("Phone", ("Label", "Value")),
    "address": (
        "Address",
        (
            *("Label", "Formatted", "PO Box", "Extended Address", "Street", "City", "Region", "Postal Code"),
            "Country",
        ),
    ),
    "link": ("Website", ("Label", "Value")),
    "related": ("Relation", ("Label", "Value", "netcrm UID")),
}
OWN_COLUMNS = (
    *("netcrm Shown name", "netcrm UID", "netcrm Is an organisation", "netcrm Has died", "netcrm How we met"),
    *("netcrm Met on", "netcrm Connected on", "netcrm Looking for", "netcrm Offers", "netcrm Interests"),
    "netcrm Other properties",
)


def write(cards: Iterable[Card]) -> Generator[str]:
    """Write a header and a row for each card, each as text with CR LF; ``cards`` is iterated over twice.

    The first time it is counted how many columns the one with the most addresses, numbers and so on needs; an empty
    text for each card says that it goes on.
    """
    most = dict.fromkeys(NUMBERED_COLUMNS, 1)
    for card in cards:
        for kind, values in numbered_cells(card).items():
            most[kind] = max(most[kind], len(values))
        yield ""
    yield line(header(most))
    for card in cards:
        yield line([guarded(cell) for cell in row(card, most)])


def header(most: dict[str, int]) -> list[str]:
    """The names of all columns, for ``most`` values of each kind."""
    numbered = [
        f"{name} {number} - {part}"
        for kind, (name, parts) in NUMBERED_COLUMNS.items()
        for number in range(1, most[kind] + 1)
        for part in parts
    ]
    return [*NAME_COLUMNS, *OTHER_COLUMNS, *numbered, *OWN_COLUMNS]


def row(card: Card, most: dict[str, int]) -> list[str]:
    """The cells of one card, for ``most`` values of each kind."""
    cells = [getattr(card, name) for name in NAME_COLUMNS.values()]
    cells += [str(card.birthday or ""), card.notes, SEVERAL.join(card.circles)]
    for kind, values in numbered_cells(card).items():
        width = len(NUMBERED_COLUMNS[kind][1])
        for value in values:
            cells += value
        cells += [""] * (width * (most[kind] - len(values)))
    return cells + own_cells(card)


def numbered_cells(card: Card) -> dict[str, list[list[str]]]:
    """The cells of everything that a card can have several of, by kind."""
    cells: dict[str, list[list[str]]] = {kind: [] for kind in NUMBERED_COLUMNS}
    for way in card.ways:
        label = shown_label(way.label)
        cells[way.kind].append([label, *address_cells(way)] if way.kind == "address" else [label, way.value])
    cells["related"] = [[shown_label(related.label), related.name, related.uid] for related in card.related]
    return cells


def address_cells(way: Way) -> list[str]:
    return [way.value, *(way.parts or [""] * len(ADDRESS_PARTS))]


def own_cells(card: Card) -> list[str]:
    return [
        card.display_name,
        card.uid,
        "yes" if card.is_organisation else "no",
        "yes" if card.has_died else "",
        card.how_met,
        str(card.met_on or ""),
        str(card.connected_on or ""),
        SEVERAL.join(card.seeks),
        SEVERAL.join(card.offers),
        SEVERAL.join(card.interests),
        "\n".join(card.extra),
    ]


def shown_label(label: str) -> str:
    """A standard label as Google writes it, ``Work Fax``; any other as it is."""
    return label.title() if label and all(word in STANDARD for word in label.split()) else label


def line(cells: list[str]) -> str:
    output = io.StringIO()
    csv.writer(output).writerow(cells)
    return output.getvalue()
