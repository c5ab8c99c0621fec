"""The description of an entry in a preview: a few details that show the member whether the file was read correctly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contacts.cards import Way
from contacts.days import format_day
from contacts.people.person import BIRTHDAY

MOST_DETAILS = 8
LONGEST_DETAIL = 60
LEAP_YEAR = 2000


def described(fields: Mapping[str, Any], ways: Iterable[Way]) -> list[str]:
    """Returns the role, organisation, birthday and ways to reach that would be written, each as a short text."""
    texts = [text[:LONGEST_DETAIL] for text in _texts(fields, ways) if text]
    return texts[:MOST_DETAILS]


def _texts(fields: Mapping[str, Any], ways: Iterable[Way]) -> Iterator[str]:
    yield ", ".join(str(fields[name]) for name in ("role", "organisation") if fields.get(name))
    year, month, day = (fields.get(name) for name in BIRTHDAY)
    if month and day:
        shown = format_day(date(year or LEAP_YEAR, month, day), with_year=bool(year))
        yield _("born on %(day)s") % {"day": shown}
    for way in ways:
        yield way.value
