"""The fields of netcrm's own export, as they are both written and read; docs/export.md describes the format."""

from __future__ import annotations

FORMAT = "netcrm"
VERSION = 1
MAX_BYTES = 250_000_000
"""The largest file that is made in the browser, so that each one comes back in."""

TEXTS = {
    "given_name": "given_name",
    "additional_names": "additional_names",
    "family_name": "family_name",
    "prefix": "prefix",
    "suffix": "suffix",
    "shown_name": "display_name",
    "nickname": "nickname",
    "organisation": "organisation",
    "department": "department",
    "role": "role",
    "how_met": "how_met",
    "notes": "notes",
}
"""A contact's texts: the key in the file, and the attribute of a card and of a contact."""
FLAGS = ("is_organisation", "has_died", "would_call")
DAYS = ("met_on", "connected_on")
INSTANTS = ("created_at", "archived_at", "deleted_at")
"""A contact's further fields, which have the same name everywhere."""
