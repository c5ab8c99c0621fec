"""Names of fields in imports, as the member knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Topic

register = template.Library()

COUNTED = ("created", "merged", "unchanged", "skipped", "conversations", "reminders", "favours")
BRINGS_NOTHING = {"notices", "read", "skipped", "lost"}
"""What a report counts of entries that change nothing."""

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
    """What comes, or came, of a file: the counts that are not zero, in words."""
    numbers = {name: report.get(name, 0) for name in COUNTED}
    phrases = {
        "created": ngettext("%d new contact", "%d new contacts", numbers["created"]),
        "merged": gettext("%d merged into people you have"),
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
    """Whether a previewed file holds anything but entries that are skipped."""
    return any(number for name, number in report.items() if name not in BRINGS_NOTHING)


@register.filter
def field_labels(names: Iterable[str]) -> str:
    """The names of fields in a row; those that only the file knows as they stand there."""
    return ", ".join(_label(name) for name in names if name)


def _label(name: str) -> str:
    if name in OTHER_LABELS:
        return str(OTHER_LABELS[name])
    try:
        return str(getattr(Contact._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
