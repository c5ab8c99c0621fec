"""Texts that members write in the journal and the tip box, listed for editing when somebody is erased.

See contacts/erasing/mentions.py.
"""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.days import format_day
from contacts.erasing.mentions import Writing, register_writing, trash_unless
from favours.journal.writing import favours_among
from favours.models import Favour


def _entry(favour: Favour) -> tuple[str, str]:
    address = reverse("favours:edit", args=[favour.uuid])
    return trash_unless(favour.deleted_at is None, address), format_day(favour.day, with_year=True)


register_writing(
    "favours",
    Writing(
        _("Journal"),
        ("place", "note"),
        lambda network: network.favours(manager="with_trash").all(),
        lambda network, ids: Q(pk__in=favours_among(network, ids).values("pk")),
        _entry,
    ),
)
register_writing(
    "tips",
    Writing(
        _("Tip box"),
        ("text",),
        lambda network: network.tip_box_items.filter(used_on=None),
        lambda network, ids: Q(pk=None),
        lambda tip: (reverse("favours:tip"), ""),
    ),
)
