"""Reminders to think of somebody on a day, every year, or after a while without contact."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class Reminder(Owned):
    """Something to remember about one contact.

    `due_on` is the day from which the reminder is shown. For "once" it is the day itself, for "yearly" the next
    occurrence of `returns_on` (a date in any year), and for "rhythm" the earliest possible day, since every contact
    postpones it: see `due_day`. "Later" moves `due_on` and leaves `returns_on` alone. `ended_at` is set once the
    reminder is finally done or stopped. `due_before` is the value of `due_on` before the latest action, so that the
    action can be undone.
    """

    class Kind(models.TextChoices):
        ONCE = "once", _("once")
        YEARLY = "yearly", _("every year")
        RHYTHM = "rhythm", _("keep in touch")

    class Rhythm(models.IntegerChoices):
        """Days without contact after which it is time to get in touch again."""

        FORTNIGHT = 14, _("every two weeks")
        MONTH = 30, _("every month")
        QUARTER = 91, _("every three months")
        HALF_YEAR = 182, _("twice a year")
        YEAR = 365, _("once a year")

    network = owner_key("reminders")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    text = models.CharField(_("what about"), max_length=300, blank=True)
    due_on = models.DateField(_("day"))
    returns_on = models.DateField(null=True, blank=True, editable=False)
    rhythm_days = models.PositiveSmallIntegerField(_("how often"), choices=Rhythm.choices, null=True, blank=True)
    due_before = models.DateField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="reminder_has_what_its_kind_needs",
                condition=Q(kind="once", returns_on=None, rhythm_days=None)
                | Q(kind="yearly", returns_on__isnull=False, rhythm_days=None)
                | Q(kind="rhythm", returns_on=None, rhythm_days__isnull=False, rhythm_days__in=[14, 30, 91, 182, 365]),
            ),
        ]
        indexes = [
            models.Index(fields=["network", "kind", "due_on"], condition=Q(ended_at=None), name="reminder_by_day"),
            models.Index(fields=["network", "contact"], name="reminder_by_contact"),
        ]

    def __str__(self) -> str:
        return self.text or str(self.uuid)

    @property
    def due_day(self) -> date:
        """The day from which the reminder is shown; for a rhythm, `rhythm_days` after the last contact."""
        last_contact_on = self.contact.last_contact_on
        if self.rhythm_days is None or last_contact_on is None:
            return self.due_on
        return max(self.due_on, last_contact_on + timedelta(days=self.rhythm_days))

    def clean(self) -> None:
        super().clean()
        if (self.kind == self.Kind.YEARLY) != bool(self.returns_on):
            raise ValidationError({"kind": _("What returns every year needs its day.")})
        if (self.kind == self.Kind.RHYTHM) != bool(self.rhythm_days):
            raise ValidationError({"rhythm_days": _("How often would you like to be in touch?")})
        if self.kind != self.Kind.RHYTHM and not self.text:
            raise ValidationError({"text": _("Say in a few words what you want to think of.")})
