"""Template filters for the reports and field names of imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.days import format_day
from contacts.files.charset_names import ENCODINGS
from contacts.files.dates import partial_date
from contacts.files.day_order import DayOrder
from contacts.models import Contact, ImportRow, Topic

LEAP_YEAR = 2000

register = template.Library()

COUNTED = ("created", "merged", "news", "unchanged", "skipped", "conversations", "reminders", "favours")
BRINGS_NOTHING = {"notices", "names", "read", "skipped", "lost", "alike"}
"""Counts in a report that do not mean a change."""

OTHER_LABELS = {
    "email": _("e-mail address"),
    "phone": _("phone number"),
    "link": _("link"),
    "address": _("address"),
    **dict(Topic.Kind.choices),
    "birthday": _("birthday"),
    "circles": _("circles"),
    "extra": _("further details"),
    "related": _("related people"),
    "photo": _("picture"),
    "PHOTO": _("picture"),
}


@register.filter
def import_summary(report: Mapping[str, int]) -> str:
    """Return the counts of a report in words, without those that are zero."""
    numbers = {name: report.get(name, 0) for name in COUNTED}
    phrases = {
        "created": ngettext("%d new contact", "%d new contacts", numbers["created"]),
        "merged": gettext("%d merged into people you have"),
        "news": gettext("%d with another role or organisation"),
        "unchanged": gettext("%d known and unchanged"),
        "skipped": gettext("%d skipped"),
        "conversations": ngettext("%d conversation", "%d conversations", numbers["conversations"]),
        "reminders": ngettext("%d reminder", "%d reminders", numbers["reminders"]),
        "favours": ngettext("%d entry of the journal", "%d entries of the journal", numbers["favours"]),
    }
    told = [phrases[name] % number for name, number in numbers.items() if number]
    return ", ".join(told) or gettext("Nobody is in this file.")


@register.filter
def brings_anything(report: Mapping[str, int]) -> bool:
    """Return whether a previewed file contains anything but skipped entries."""
    return any(number for name, number in report.items() if name not in BRINGS_NOTHING)


@register.filter
def day_order_note(order: DayOrder) -> str:
    """Return a note on how ambiguous dates are read, and how certain that is; empty if there are none."""
    day = partial_date(order.example, month_first=order.month_first)
    if order.evidence == "none" or day is None:
        return ""
    texts = {
        "proven": gettext("Dates such as %(written)s are read as %(day)s, as other dates in the file show."),
        "mixed": gettext(
            "Some dates in the file have the day first, others the month. %(written)s is read as %(day)s; look at the"
            " birthdays before you import them."
        ),
        "assumed": gettext(
            "The file does not say whether the day or the month comes first. %(written)s is read as %(day)s, as is"
            " usual where you are."
        ),
    }
    shown = format_day(date(day.year or LEAP_YEAR, day.month, day.day), with_year=day.year is not None)
    return texts[order.evidence] % {"written": order.example, "day": shown}


@register.filter
def encoding_name(encoding: str) -> str:
    """Return the name of a legacy encoding as the member may choose it; empty for Unicode, which is not a guess."""
    return "" if encoding.startswith("utf") else str(dict(ENCODINGS).get(encoding, encoding))


@register.filter
def value_of(values: Mapping[Any, Any], key: object) -> Any:
    """Return the value of a key that only the template knows, or None."""
    return values.get(key)


@register.filter
def changes_of(row: ImportRow) -> list[tuple[str, str, str]]:
    """Return the changes that a file reports: the label of each field, the contact's value, and the new one."""
    return [
        (_label(name), str(getattr(row.contact, name, "")), new)
        for name, new in zip(row.fields, row.details, strict=False)
    ]


@register.filter
def field_labels(names: Iterable[str]) -> str:
    """Return the names of fields as the member knows them; names that only the file has are returned unchanged."""
    return ", ".join(_label(name) for name in names if name)


def _label(name: str) -> str:
    if name in OTHER_LABELS:
        return str(OTHER_LABELS[name])
    try:
        return str(getattr(Contact._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
