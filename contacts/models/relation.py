"""Related people: a contact's partner, child or assistant, or who introduced them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class Relation(Owned):
    """Somebody related to a contact: the `other` contact, or just a `name`.

    `label` says what the other person is to the contact: a word from the vCard vocabulary ("spouse", "colleague"), or
    any other. `card_uid` is the identifier that a file gave for the other person, kept until a contact with it is
    known.
    """

    network = owner_key("relations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="relations_from_others")
    name = models.CharField(_("name"), max_length=200, blank=True)
    card_uid = models.CharField(max_length=300, blank=True, editable=False)
    label = models.CharField(_("what they are to each other"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("related person")
        verbose_name_plural = _("related people")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="relation_has_somebody",
                condition=Q(other__isnull=False, name="", card_uid="")
                | Q(other=None) & (~Q(name="") | ~Q(card_uid="")),
            ),
            models.CheckConstraint(name="relation_is_with_another", condition=Q(other=None) | ~Q(other=F("contact"))),
            models.UniqueConstraint(
                fields=["network", "contact", "label", "other"],
                condition=Q(other__isnull=False),
                name="relation_with_contact_once",
            ),
            models.UniqueConstraint(
                fields=["network", "contact", "label", "name", "card_uid"],
                condition=Q(other=None),
                name="relation_with_name_once",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "other"], condition=Q(other__isnull=False), name="relation_by_other"),
            models.Index(fields=["network", "card_uid"], condition=~Q(card_uid=""), name="relation_unresolved"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.uuid)

    def clean(self) -> None:
        super().clean()
        if self.other_id is not None and self.other_id == self.contact_id:
            raise ValidationError({"other": _("Pick somebody else: nobody is related to themselves.")})
