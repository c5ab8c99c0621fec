"""Settings of a member's weekly letter, and a record of its used links."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Owned, owner_key


class LetterSettings(Owned):
    """The schedule of a network's weekly letter: at `hour` of `weekday` (1 is Monday) in the member's zone.

    None goes out from `pause_from` to `pause_to`, inclusive. `handled_week` is the Monday of the latest week whose
    letter was dealt with, `next_digest_at` the time at which the next one is due, and `attempts` the number of failed
    attempts to write it; favours/digest maintains them.
    """

    class Length(models.IntegerChoices):
        SHORT = 3, _("Up to three people")
        FULL = 5, _("Up to five people")

    network = owner_key("letter_settings")
    is_on = models.BooleanField(_("send me the weekly letter"), default=True)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), default=1)
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    length = models.PositiveSmallIntegerField(_("length"), choices=Length.choices, default=Length.FULL)
    pause_from = models.DateField(_("pause from"), null=True, blank=True)
    pause_to = models.DateField(_("pause to"), null=True, blank=True)
    handled_week = models.DateField(null=True, blank=True, editable=False)
    next_digest_at = models.DateTimeField(_("next letter"), default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)

    class Meta:
        verbose_name = _("weekly letter")
        verbose_name_plural = _("weekly letters")
        constraints = [
            models.UniqueConstraint(fields=["network"], name="letter_settings_once"),
            models.CheckConstraint(name="letter_weekday", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(name="letter_hour", condition=Q(hour__range=(0, 23))),
            models.CheckConstraint(name="letter_length", condition=Q(length__in=(3, 5))),
            models.CheckConstraint(
                name="letter_pause_is_whole",
                condition=Q(pause_from=None, pause_to=None)
                | Q(pause_from__isnull=False, pause_to__isnull=False, pause_from__lte=F("pause_to")),
                violation_error_message=_("A pause needs its first and its last day, in this order."),
            ),
        ]
        indexes = [models.Index(fields=["next_digest_at"], condition=Q(is_on=True), name="letter_due")]

    def __str__(self) -> str:
        return str(self.uuid)


class UsedLink(Owned):
    """A letter link that has performed its one action. `key` is the link's hash; expired links are forgotten."""

    network = owner_key("used_links")
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "key"], name="link_used_once")]
        indexes = [models.Index(fields=["created_at"], name="link_to_forget")]

    def __str__(self) -> str:
        return str(self.uuid)
