"""The properties that netcrm writes into vCards, as they are both written and read.

Properties of other programs, which are only read, are in ``properties``, ``messengers`` and ``dialects``.
"""

from __future__ import annotations

from contacts.cards import DayField, ListField, TextField, WayKind

NAME_FIELDS: tuple[TextField, ...] = ("family_name", "given_name", "additional_names", "prefix", "suffix")
"""The components of N, in their order."""

WAYS: dict[str, WayKind] = {"EMAIL": "email", "TEL": "phone", "ADR": "address"}
DAYS: dict[str, DayField] = {"X-NETCRM-MET-ON": "met_on", "X-NETCRM-CONNECTED-ON": "connected_on"}
LISTS: dict[str, ListField] = {"INTEREST": "interests", "X-NETCRM-SEEKS": "seeks", "X-NETCRM-OFFERS": "offers"}

PRODUCT = "-//netcrm//netcrm//EN"
"""The PRODID of a card whose UID identifies a contact of netcrm."""
HOW_MET = "X-NETCRM-HOW-MET"
HAS_DIED = "X-NETCRM-HAS-DIED"
WOULD_CALL = "X-NETCRM-WOULD-CALL"
RELATED_CARD = "X-NETCRM-RELATED"
"""A related person with the identifier of their card: label, name and identifier."""
KEPT = "X-NETCRM-KEPT"
"""A property from another file that the vCard version being written cannot hold."""
RELATED_NAME = "X-ABRELATEDNAMES"
COLUMN = "X-NETCRM-COLUMN"
"""A column of a table for which netcrm has no field: its heading and the cell."""
DATE = "X-NETCRM-DATE"
"""A day for which netcrm has no field, such as an anniversary: its label, which may be empty, and the day."""
GROUP_LABEL = "X-ABLabel"
SHOWN_AS = "X-ABShowAs"
OMITTED_YEAR = "X-APPLE-OMIT-YEAR"
SERVICE = "X-SERVICE-TYPE"
