"""Two contacts put together, with all that it takes to part them again."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class Merge(Owned):
    """What became of a contact that turned out to be the same as another one, the `survivor`.

    The merged contact has no row any more: `merged_uuid` and `merged_name` say who it was, and `snapshot` holds what
    its return takes, in the form of contacts/merging/snapshot.py. `batch` is the same for all merges of one click. The
    merges of a survivor can be undone from the last one back. Erasing the survivor erases all this with it.
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
