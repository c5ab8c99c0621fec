"""The room that a network takes in the database, by kind of data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Sum, Value
from django.db.models.functions import Cast, Coalesce, Length

from contacts.models import Network, Owned, SearchWord, TextVector

TEXTS = (models.CharField, models.TextField, models.JSONField)
DERIVED = (SearchWord, TextVector)
"""Copies of texts from other tables, made to find them; counting a few hundred thousand would take a second."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes taken by pictures, uploads that wait to be imported, exports, and texts (one byte per character)."""

    pictures: int
    uploads: int
    exports: int
    texts: int

    @property
    def total(self) -> int:
        return self.pictures + self.uploads + self.exports + self.texts


def storage_of(network: Network) -> Storage:
    """Return the room that the network takes. A query per table."""
    exports = network.exports.filter(file__isnull=False).values("file")
    return Storage(
        pictures=_bytes(network.photos.all()),
        uploads=_bytes(network.files.exclude(pk__in=exports)),
        exports=_bytes(network.files.filter(pk__in=exports)),
        texts=sum(_characters(network, model) for model in apps.get_models() if issubclass(model, Owned)),
    )


def _bytes(rows: models.QuerySet[models.Model]) -> int:
    return int(rows.aggregate(size=Coalesce(Sum(Length("content")), 0))["size"])


def _characters(network: Network, model: type[Owned]) -> int:
    names = [field.attname for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    if model in DERIVED or not names:
        return 0
    lengths = [Coalesce(Length(Cast(name, models.TextField())), Value(0)) for name in names]
    manager: models.Manager[Any] = model._base_manager
    rows = manager.filter(network=network)
    return int(rows.aggregate(size=Coalesce(Sum(sum(lengths[1:], lengths[0])), 0))["size"])
