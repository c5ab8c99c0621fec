"""The network: one member's people, with the help given and received. It is the tenant of every owned row."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Network(models.Model):
    """Everything that belongs to one member.

    `revision` counts the changes to the journal. `stale_from` is the earliest day affected by a change since the stored
    summaries were last brought up to date. `summary_leased_at` is the lease on that work. All three belong to
    favours/reciprocity/summaries.py. `text_revision` counts the changes to texts that tips are matched against; see
    contacts/matching. `duplicates_revision` is the `text_revision` up to which duplicates have been searched for; see
    contacts/duplicates. `meaning_revision` is the `text_revision` up to which the meaning of texts was computed, by the
    engines of `meaning_version`; see contacts/matching/vectors.py.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="network")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.BigIntegerField(default=0)
    stale_from = models.DateField(null=True, blank=True)
    summary_leased_at = models.DateTimeField(null=True, editable=False)
    text_revision = models.BigIntegerField(default=0)
    duplicates_revision = models.BigIntegerField(default=0, editable=False)
    meaning_revision = models.BigIntegerField(default=0, editable=False)
    meaning_version = models.CharField(max_length=100, default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        indexes = [
            models.Index(fields=["stale_from"], condition=Q(stale_from__isnull=False), name="network_changed"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def today(self) -> date:
        """Return today's date in the member's time zone."""
        return self.owner.today()

    def mark_changed(self, earliest: date) -> None:
        """Record, in the current transaction, that the journal changed from the day `earliest` onwards."""
        Network.objects.filter(pk=self.pk).update(
            revision=F("revision") + 1,
            stale_from=Case(When(Q(stale_from__lt=earliest), then=F("stale_from")), default=Value(earliest)),
        )

    def mark_texts_changed(self, contact_ids: Collection[int]) -> set[int]:
        """Record, in the current transaction, that texts of these contacts changed.

        If there are none, the member's own offers changed. Each contact gets the new `text_revision`. Contacts are
        locked before the network, in the same order as when a contact is saved. Return the primary keys of the contacts
        that exist.
        """
        present = self.lock_contacts(contact_ids)
        this = Network.objects.filter(pk=self.pk)
        this.update(text_revision=F("text_revision") + 1)
        contacts = self.contacts(manager="with_trash").filter(pk__in=contact_ids)
        contacts.update(text_revision=this.values("text_revision"))
        return present

    def next_text_revision(self) -> int:
        """Increment `text_revision` in the current transaction, for contacts about to be added, and return it."""
        this = Network.objects.filter(pk=self.pk)
        this.update(text_revision=F("text_revision") + 1)
        return this.values_list("text_revision", flat=True).get()

    def lock_contacts(self, contact_ids: Collection[int] | None = None) -> set[int]:
        """Lock the given contacts, or all, until the current transaction ends.

        Return the primary keys of those that exist.
        """
        contacts = self.contacts(manager="with_trash").order_by("pk").select_for_update()
        if contact_ids is not None:
            contacts = contacts.filter(pk__in=contact_ids)
        return set(contacts.values_list("pk", flat=True))

    def lock(self) -> None:
        """Lock this network, so that other writers that lock it wait until the current transaction ends."""
        Network.objects.select_for_update().only("pk").get(pk=self.pk)


def owner_key(related_name: str, *, db_constraint: bool = True) -> models.ForeignKey[Network, Network]:
    """Return the foreign key to the owning network that every owned table has.

    It has no index of its own, because each owned table has composite indexes that begin with the network. Tables that
    pass `db_constraint=False` say why.
    """
    return models.ForeignKey(
        Network,
        models.CASCADE,
        related_name=related_name,
        db_index=False,
        db_constraint=db_constraint,
        editable=False,
    )


class Owned(models.Model):
    """A row that belongs to one network. Subclasses declare `network = owner_key(...)` with their own related name."""

    network: models.ForeignKey[Network, Network]
    network_id: int

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raise ValidationError if the row points into another network."""
        super().clean()
        for field in self._meta.concrete_fields:
            related: Any = getattr(self, field.name) if field.is_relation and field.name != "network" else None
            if isinstance(related, Owned) and related.network_id != self.network_id:
                raise ValidationError({field.name: _("Pick one from your own network.")})
