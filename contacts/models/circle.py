"""Circles: groups of people, named by the member."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class Circle(Owned):
    network = owner_key("circles")
    name = models.CharField(_("name"), max_length=200)
    contacts = models.ManyToManyField(Contact, through="CircleMembership", related_name="circles")

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "network",
                Lower("name"),
                name="circle_name_once",
                violation_error_message=_("You have a circle of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CircleMembership(Owned):
    network = owner_key("circle_memberships")
    circle = models.ForeignKey(Circle, models.CASCADE, db_index=False, related_name="memberships")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="circle_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circle", "contact"], name="circle_membership_once")]
        indexes = [models.Index(fields=["network", "circle"], name="circle_membership_by_circle")]

    def __str__(self) -> str:
        return str(self.uuid)
