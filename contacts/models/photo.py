"""The picture of a contact."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key

MAX_BYTES = 128 * 1024


class Photo(Owned):
    """A small square picture, always a JPEG that netcrm made from an upload; see contacts/people/photos.py.

    A new picture is a new row, so the picture at a given URL never changes.
    """

    network = owner_key("photos")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="photo")
    content = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["network", "contact"], name="photo_by_contact")]

    def __str__(self) -> str:
        return str(self.uuid)

    def clean(self) -> None:
        super().clean()
        if not 0 < len(self.content) <= MAX_BYTES:
            raise ValidationError(_("The picture does not fit."))
