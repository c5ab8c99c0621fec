"""A favour (one logged act of help) and who took part in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Owned, owner_key


class PresentFavourManager(models.Manager["Favour"]):
    """Manager for favours that are not in the trash."""

    def get_queryset(self) -> models.QuerySet[Favour]:
        return super().get_queryset().filter(deleted_at=None)


class Favour(Owned):
    """One act of help, given or received, with one or more contacts, on a plain date in the member's calendar.

    Written only by favours/journal/writing.py. `passes_on` is the received favour that this one passes on. `client_key`
    comes from the form and makes a repeated POST harmless. `search_text` is the folded place and note.
    """

    class Direction(models.TextChoices):
        GIVE = "give", _("I helped")
        RECEIVE = "receive", _("I was helped")

    class Kind(models.TextChoices):
        TIP = "tip", _("Tip")
        INTRODUCTION = "introduction", _("Introduced")
        RECOMMENDATION = "recommendation", _("Recommended")
        ADVICE = "advice", _("Advice")
        SUPPORT = "support", _("Lent a hand")
        OTHER = "other", _("Other")

    network = owner_key("favours")
    direction = models.CharField(_("direction"), max_length=7, choices=Direction.choices)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=20_000)
    passes_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="passed_on_by")
    search_text = models.TextField(blank=True, editable=False)
    client_key = models.UUIDField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    contacts = models.ManyToManyField(Contact, through="Participation", related_name="favours")

    objects = PresentFavourManager()
    with_trash: models.Manager[Favour] = models.Manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(name="favour_has_direction", condition=Q(direction__in=["give", "receive"])),
            models.CheckConstraint(
                name="favour_has_kind",
                condition=Q(kind__in=["tip", "introduction", "recommendation", "advice", "support", "other"]),
            ),
            models.CheckConstraint(
                name="favour_passes_on_given",
                condition=Q(passes_on=None) | Q(direction="give"),
            ),
            models.UniqueConstraint(
                fields=["network", "client_key"], condition=Q(client_key__isnull=False), name="favour_logged_once"
            ),
        ]
        indexes = [
            # With the direction as its last column, this index is enough to count the entries of each month.
            models.Index(
                fields=["network", "-day", "-id", "direction"], condition=Q(deleted_at=None), name="favour_by_day"
            ),
            models.Index(
                fields=["network", "day"],
                condition=Q(passes_on__isnull=False, deleted_at=None),
                name="favour_passed_on",
            ),
            models.Index(
                fields=["network", "deleted_at"], condition=Q(deleted_at__isnull=False), name="favour_in_trash"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Participation(Owned):
    """One contact's part in a favour.

    `day`, `direction`, `kind`, `share` (one divided by the number of contacts) and `is_active` (false while the favour
    is in the trash) are copies, written only by favours/journal/writing.py: without them the figures would cost four
    times as much. `manage.py doctor` checks them.
    """

    network = owner_key("participations")
    favour = models.ForeignKey(Favour, models.CASCADE, related_name="participations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="participations")
    day = models.DateField(editable=False)
    direction = models.CharField(max_length=7, editable=False)
    kind = models.CharField(max_length=14, editable=False)
    share = models.FloatField(editable=False)
    is_active = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["favour", "contact"], name="participation_once"),
            models.CheckConstraint(name="participation_share", condition=Q(share__gt=0, share__lte=1)),
        ]
        indexes = [
            # Covers every column the figures read from a participation, so they never touch the table itself.
            models.Index(
                fields=["network", "direction", "day", "contact", "kind", "share", "favour"],
                condition=Q(is_active=True),
                name="participation_by_day",
            ),
            models.Index(fields=["contact", "day"], condition=Q(is_active=True), name="participation_by_contact"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
