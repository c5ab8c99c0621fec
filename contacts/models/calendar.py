"""The URL at which a calendar program reads birthdays and reminders."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.network import Owned, owner_key


class CalendarFeed(Owned):
    """The secret URL of a network's calendar, one per network.

    Only the hash of its token is stored, and a new token replaces the old one.
    """

    network = owner_key("calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [models.UniqueConstraint(fields=["network"], name="calendar_feed_once")]

    def __str__(self) -> str:
        return str(self.uuid)
