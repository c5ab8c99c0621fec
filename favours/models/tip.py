"""Tips waiting for the right person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Owned, owner_key
from favours.models.favour import Favour


class TipBoxItem(Owned):
    """A tip kept for later.

    `used_on` is the day on which it was passed on, through `favour`; from then on it is out of the box and raises no
    suggestions.
    """

    MAX_LENGTH = 600

    network = owner_key("tip_box_items")
    text = models.CharField(_("tip"), max_length=MAX_LENGTH)
    kept_on = models.DateField(_("kept on"))
    used_on = models.DateField(_("passed on"), null=True, blank=True)
    favour = models.ForeignKey(Favour, models.SET_NULL, null=True, blank=True, editable=False, related_name="tips")

    class Meta:
        verbose_name = _("kept tip")
        verbose_name_plural = _("kept tips")
        ordering = ["-kept_on", "-id"]
        indexes = [models.Index(fields=["network", "-kept_on", "-id"], name="tip_by_day")]

    def __str__(self) -> str:
        return self.text
