"""The fields to which the columns of a table can be assigned, and the keys that identify them.

A key is the name of a field, optionally followed by a colon with a label or number, and by a dot with a part:
``email``, ``phone:work``, ``email:2`` with ``email:2.label``, ``address:home.street``. Columns with the same field and
number together form one way to reach; a number is not a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from contacts.cards import ADDRESS_PARTS, DAY_FIELDS, TEXT_FIELDS, TOPIC_LISTS, Text

WAY_FIELDS = ("email", "phone", "link", "messenger", "address", "related", "event")
DATE_FIELDS = ("birthday", "birth_day", "birth_month", "birth_year", *DAY_FIELDS)
OTHER_FIELDS = (
    "circles",
    "notes",
    "how_met",
    "uid",
    "has_died",
    "would_call",
    "is_organisation",
    "extra",
    "photo_file",
)

PARTS = {
    "address": (*ADDRESS_PARTS, "house_number", "label", "whole"),
    "email": ("label",),
    "phone": ("label",),
    "link": ("label",),
}
PARTS |= {"messenger": ("label",), "related": ("label", "uid"), "event": ("label",)}

ASSIGNABLE: dict[str, Text] = {
    "given_name": _("First name"),
    "additional_names": _("Middle names"),
    "family_name": _("Last name"),
    "display_name": _("Whole name"),
    "prefix": _("Form of address"),
    "suffix": _("Suffix"),
    "nickname": _("Nickname"),
    "organisation": _("Organisation"),
    "department": _("Department"),
    "role": _("Role"),
    "email": _("E-mail"),
    "email:home": _("E-mail (private)"),
    "email:work": _("E-mail (work)"),
    "phone": _("Phone"),
    "phone:mobile": _("Mobile phone"),
    "phone:home": _("Phone (private)"),
    "phone:work": _("Phone (work)"),
    "phone:fax": _("Fax"),
    "link": _("Web page"),
    "link:linkedin": _("LinkedIn profile"),
    "address.whole": _("Address in one cell"),
    "address.street": _("Street"),
    "address.house_number": _("House number"),
    "address.extended": _("Address, second line"),
    "address.post_box": _("Post box"),
    "address.postcode": _("Postcode"),
    "address.city": _("City"),
    "address.region": _("Region"),
    "address.country": _("Country"),
    "address:work.street": _("Street (work)"),
    "address:work.postcode": _("Postcode (work)"),
    "address:work.city": _("City (work)"),
    "address:work.country": _("Country (work)"),
    "birthday": _("Birthday"),
    "birth_day": _("Day of birth"),
    "birth_month": _("Month of birth"),
    "birth_year": _("Year of birth"),
    "event:anniversary": _("Anniversary"),
    "event": _("Another day"),
    "circles": _("Circles"),
    "notes": _("Notes"),
    "how_met": _("How we met"),
    "met_on": _("Met on"),
    "connected_on": _("Connected on"),
    "seeks": _("Looking for"),
    "offers": _("Offers"),
    "interests": _("Interests"),
    "related": _("Related person"),
}
"""The choices of the mapping page, in display order. Unassigned columns are kept with the contact as they are."""

IGNORED = "ignored"
"""The key of a column that is left out because it says nothing about the person."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a key."""

    field: str
    slot: str = ""
    part: str = ""


@lru_cache(maxsize=1024)
def target(key: str) -> Target | None:
    """Returns the parts of a key, or None if it is not valid."""
    head, _dot, part = key.partition(".")
    field, _colon, slot = head.partition(":")
    if field in WAY_FIELDS:
        return Target(field, slot, part) if not part or part in PARTS[field] else None
    known = (*TEXT_FIELDS, *TOPIC_LISTS, *DATE_FIELDS, *OTHER_FIELDS, IGNORED)
    return Target(field) if field in known and not slot and not part else None
