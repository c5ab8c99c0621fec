"""The columns of Google's contacts, and netcrm's additional ones, which are both written and read.

Each column is given with the key of its field; see ``fields``. Other programs' names for them are in ``headers``.
"""

from __future__ import annotations

SEPARATOR = ":::"
"""The separator of several values in one cell."""

COLUMNS = {
    "First Name": "given_name",
    "Middle Name": "additional_names",
    "Last Name": "family_name",
    "Name Prefix": "prefix",
    "Name Suffix": "suffix",
    "Nickname": "nickname",
    "Organization Name": "organisation",
    "Organization Title": "role",
    "Organization Department": "department",
    "Birthday": "birthday",
    "Notes": "notes",
    "Labels": "circles",
}

LABEL_AND_VALUE = {"Label": "label", "Value": ""}
NUMBERED: dict[str, tuple[str, dict[str, str]]] = {
    "email": ("E-mail", LABEL_AND_VALUE),
    "phone": ("Phone", LABEL_AND_VALUE),
    "address": (
        "Address",
        {
            "Label": "label",
            "Formatted": "whole",
            "PO Box": "post_box",
            "Extended Address": "extended",
            "Street": "street",
            "City": "city",
            "Region": "region",
            "Postal Code": "postcode",
            "Country": "country",
        },
    ),
    "link": ("Website", LABEL_AND_VALUE),
    "related": ("Relation", LABEL_AND_VALUE | {"netcrm UID": "uid"}),
}
"""Fields that may repeat, as in ``E-mail 2 - Value``: the noun, and the part of the field that each column holds."""

OWN_PREFIX = "netcrm"
OWN_COLUMNS = {
    f"{OWN_PREFIX} {name}": key
    for name, key in {
        "Shown name": "display_name",
        "UID": "uid",
        "Is an organisation": "is_organisation",
        "Has died": "has_died",
        "Would call": "would_call",
        "How we met": "how_met",
        "Met on": "met_on",
        "Connected on": "connected_on",
        "Looking for": "seeks",
        "Offers": "offers",
        "Interests": "interests",
        "Other properties": "extra",
    }.items()
}
"""netcrm's own columns, for fields that Google lacks."""
PHOTO_COLUMN = f"{OWN_PREFIX} Photo"
"""The column with the path of the person's picture; only a table in an archive has it."""
