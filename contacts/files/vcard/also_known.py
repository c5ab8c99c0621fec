"""Kept properties of a contact that netcrm has no field for, worded for the contact's page.

Files are read into the fields that netcrm has; anything else is kept with the contact as a line of a vCard. This module
makes those lines readable: a second nickname, an anniversary, the column of a table. Lines that only programs need are
left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contacts.cards import PartialDate, Text
from contacts.files import labels
from contacts.files.dates import partial_date
from contacts.files.tables.headers import normalised
from contacts.files.vcard.content_lines import Property, split_head, unescaped
from contacts.files.vcard.fields import COLUMN, DATE, GROUP_LABEL
from contacts.text import clean, one_line

LONGEST_VALUE = 500
LONGEST_LINE = 4000
MOST_DETAILS = 100
NO_YEAR = 2000

ANNIVERSARY = _("Anniversary")
LABELS: Mapping[str, Text] = {
    "FN": _("Name"),
    "N": _("Name"),
    "NICKNAME": _("Nickname"),
    "ORG": _("Organisation"),
    "ORG-DIRECTORY": _("Organisation"),
    "TITLE": _("Role"),
    "ROLE": _("Role"),
    "EXPERTISE": _("Expertise"),
    "BDAY": _("Birthday"),
    "DEATHDATE": _("Died"),
    "DEATHPLACE": _("Died in"),
    "BIRTHPLACE": _("Born in"),
    "LANG": _("Language"),
    "TZ": _("Time zone"),
    "GENDER": _("Gender"),
    "PRONOUNS": _("Pronouns"),
    "LABEL": _("Address"),
    "X-SOCIALPROFILE": _("Profile"),
    "SOCIALPROFILE": _("Profile"),
    "X-PHONETIC-FIRST-NAME": _("Phonetic first name"),
    "X-PHONETIC-LAST-NAME": _("Phonetic last name"),
    "X-MAIDENNAME": _("Birth name"),
    "X-MIDDLENAME": _("Middle names"),
} | dict.fromkeys(
    ("ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY", "X-MS-ANNIVERSARY"),
    ANNIVERSARY,
)
DAYS = frozenset((*(name for name, label in LABELS.items() if label is ANNIVERSARY), "BDAY", "X-ABDATE", DATE))
DAY_HEADERS = frozenset(("anniversary", "wedding anniversary", "jahrestag", "hochzeitstag", "namenstag", "name day"))
ANDROID_EVENTS: Mapping[str, Text] = {"1": ANNIVERSARY, "2": _("Another day")}

TECHNICAL = re.compile(
    r"X-MS-OL-|X-MS-(?:IMAGE|CARDPICTURE)|X-KADDRESSBOOK-X-(?:CRYPTO|IMPROTOCOL)|VND-"
    r"|X-(?:AB(?!DATE)|IMAGE|ACCOUNT|ADDRESSBOOK|APPLE|GOOGLE|EVOLUTION-FILE|PILOT|OC-|MOZILLA)"
    r"|(?:KEY|LOGO|SOUND|PHOTO|GEO|MAILER|CLASS|SORT-STRING|SOURCE|CALURI|MEMBER|FBURL"
    r"|CALADRURI|CLIENTPIDMAP|XML|KIND|PRODID|REV|UID|CREATED|X-(?:CLASS|REV|LIC|CREATED|UPDATED|ICON|PHOTO))\Z"
)
TECHNICAL_HEADERS = re.compile(
    r"(?:.* )?(?:id|owner|uid|guid)"
    r"|(?:.* )?(?:update|create|created|modified|optin|confirm|last activity) (?:time|date|ip|by)"
    r"|(?:last )?(?:changed|modified)|created|visible to|person visible to|member rating|latitude|longitude"
    r"|gmtoff|dstoff|timezone|leid|euid"
    r"|email opt out|e mail opt out|marketing contact status|e mail \d+ (?:type|display name)"
)


@dataclass(frozen=True, slots=True)
class Detail:
    """A further detail about somebody: its label and value, and the ``day`` if it is one."""

    label: Text
    value: str
    day: PartialDate | None = None

    @property
    def full_day(self) -> datetime.date | None:
        """The day as a date, in a leap year if its year is not known; None if it is not a day."""
        return datetime.date(self.day.year or NO_YEAR, self.day.month, self.day.day) if self.day else None


def also_known(lines: Iterable[str]) -> list[Detail]:
    """Returns the readable details in the lines of vCards that were kept with a contact, each once."""
    properties = list(_properties(lines))
    groups = {prop.head.group: prop for prop in properties if prop.head.name == GROUP_LABEL.upper()}
    details = (_detail(prop, groups.get(prop.head.group)) for prop in properties)
    return list(dict.fromkeys(detail for detail in details if detail is not None))[:MOST_DETAILS]


def _properties(lines: Iterable[str]) -> Iterator[Property]:
    for line in lines:
        split = split_head(line) if len(line) <= LONGEST_LINE else None
        if split is not None:
            yield Property(*split)


def _detail(prop: Property, group_label: Property | None) -> Detail | None:
    head = prop.head
    pieces = [one_line(unescaped(piece)) for piece in prop.components()]
    if head.name in (COLUMN, DATE):
        return _own(head.name, pieces)
    if head.name == "X-ANDROID-CUSTOM":
        return _android(pieces)
    if TECHNICAL.match(head.name) or head.encoding == "base64" or head.name == GROUP_LABEL.upper():
        return None
    label: Text = LABELS.get(head.name, "")
    if group_label is not None:
        label = labels.plain(one_line(group_label.text())) or label
        label = ANNIVERSARY if label == "anniversary" else label
    value = ", ".join(piece for piece in pieces if piece)
    if head.name.endswith("SOCIALPROFILE"):
        service = head.parameters.get("SERVICE-TYPE", "") or labels.from_types(head.types)
        label, value = service or label, value.removeprefix("x-apple:")
    return _of(label or _readable(head.name), value, is_day=head.name in DAYS)


def _own(name: str, pieces: list[str]) -> Detail | None:
    """Returns a detail that netcrm itself kept: a column of a table, or a day with its label."""
    label, value = [*pieces, "", ""][0], ", ".join(pieces[1:])
    words = normalised(label)
    if name == COLUMN and TECHNICAL_HEADERS.fullmatch(words):
        return None
    if words in ("anniversary", "wedding anniversary", ""):
        return _of(ANNIVERSARY if words else _("Another day"), value, is_day=True)
    return _of(label, value, is_day=name == DATE or words in DAY_HEADERS)


def _android(pieces: list[str]) -> Detail | None:
    kind, value, number, label = [*pieces, "", "", "", ""][:4]
    kind = kind.rpartition("/")[2].lower()
    if kind == "contact_event":
        return _of(label or ANDROID_EVENTS.get(number, ANDROID_EVENTS["2"]), value, is_day=True)
    return _of(LABELS["NICKNAME"] if kind == "nickname" else kind.replace("_", " ").capitalize(), value)


def _of(label: Text, value: str, *, is_day: bool = False) -> Detail | None:
    value = clean(value)[:LONGEST_VALUE].strip()
    return Detail(label, value, partial_date(value) if is_day else None) if value else None


def _readable(name: str) -> str:
    """Returns the name of a property in readable form, without its vendor's prefix."""
    words = re.sub(r"\AX-(?:EVOLUTION|KADDRESSBOOK-X|KADDRESSBOOK|OUTLOOK|MS|WAB|ANDROID|NETCRM)?-?", "", name)
    return re.sub(r"[-_/]+", " ", words).strip().capitalize() or name
