"""Two contacts that may be the same person, and the member's decision about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class DuplicatePair(Owned):
    """Two contacts of one network that contacts.duplicates takes for the same person, the lower key first.

    `score` is the probability, from 0 to 1, that they are the same person. `evidence` gives the reasons as JSON: a list
    of objects with a `kind`, put into words when displayed. `is_certain` marks pairs that may be merged without a
    closer look. A pair is open until the member decides: "distinct" is kept for good, "later" until the day
    `later_until` in the member's calendar. Only open pairs are added and removed as the search finds them.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISTINCT = "distinct", _("two people")
        LATER = "later", _("later")

    # Rows are also created by the search, so undoing an import must not take them as a sign of use; see undo.py.
    created_at = None  # type: ignore[assignment]

    network = owner_key("duplicate_pairs")
    first = models.ForeignKey(Contact, models.CASCADE, related_name="duplicate_pairs_as_first")
    second = models.ForeignKey(Contact, models.CASCADE, related_name="duplicate_pairs_as_second")
    score = models.FloatField(_("probability"), editable=False)
    is_certain = models.BooleanField(_("certain"), default=False, editable=False)
    evidence = models.JSONField(_("evidence"), default=list, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    later_until = models.DateField(_("later until"), null=True, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["network", "first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(name="duplicate_pair_score_is_probability", condition=Q(score__range=(0, 1))),
            models.CheckConstraint(
                name="duplicate_pair_has_state",
                condition=Q(state="later", later_until__isnull=False)
                | Q(state__in=["open", "distinct"], later_until=None),
            ),
        ]
        indexes = [
            models.Index(fields=["network", "state", "-score"], name="duplicate_pair_by_score"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"
