"""Names of fields in imports, as the member knows them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Line, WayToReach

register = template.Library()

OTHER_LABELS = {
    **dict(WayToReach.Kind.choices),
    **dict(Line.Kind.choices),
    "birthday": _("birthday"),
    "circles": _("circles"),
    "extra": _("further details"),
    "related": _("related people"),
    "PHOTO": _("picture"),
}


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
