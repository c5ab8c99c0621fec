"""Two merged contacts, with everything needed to separate them again."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class Merge(Owned):
    """A contact that was merged into another one, the `survivor`.

    The merged contact no longer has a row: `merged_uuid` and `merged_name` say who it was, and `snapshot` holds what is
    needed to restore it, in the format of contacts/merging/snapshot.py. All merges made by one click share a `batch`. A
    survivor's merges can be undone in reverse order only. Erasing the survivor also erases its merges.
    """

    network = owner_key("merges")
    survivor = models.ForeignKey(Contact, models.CASCADE, related_name="merges")
    merged_uuid = models.UUIDField(editable=False)
    merged_name = models.CharField(_("merged contact"), max_length=400, editable=False)
    batch = models.UUIDField(default=uuid.uuid4, editable=False)
    snapshot = models.JSONField(editable=False)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["network", "merged_uuid"], name="merged_once"),
        ]
        indexes = [models.Index(fields=["network", "batch"], name="merge_by_batch")]

    def __str__(self) -> str:
        return self.merged_name
