"""Invariants that the database's own constraints do not cover.

Copies match their originals, and no row points into another network or at a row that is gone. Only
favours/journal/writing.py and the domain modules write these rows, so a finding means a bug or a manual change to the
database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Count, Exists, F, FloatField, ForeignKey, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from contacts.models import Owned
from favours.models import Participation

ROUNDING = 1e-9


class Finding(NamedTuple):
    """A broken rule, and the number of rows on the instance that break it."""

    rule: str
    rows: int


def findings() -> Iterator[Finding]:
    """Yield every broken rule on the whole instance."""
    for rule, rows in [*_wrong_copies(), *_crossings(), *_left_behind()]:
        if count := rows.count():
            yield Finding(rule, count)


def _wrong_copies() -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield participations whose copies differ from their favour."""
    rows = Participation._base_manager.all()
    people = (
        Participation._base_manager.filter(favour=OuterRef("favour"))
        .order_by()
        .values("favour")
        .annotate(people=Count("pk"))
        .values("people")
    )
    share = Value(1.0) / Cast(Subquery(people), FloatField())
    yield "participation.day is the favour's day", rows.exclude(day=F("favour__day"))
    yield "participation.direction is the favour's direction", rows.exclude(direction=F("favour__direction"))
    yield "participation.kind is the favour's kind", rows.exclude(kind=F("favour__kind"))
    yield (
        "participation.is_active unless the favour lies in the trash",
        rows.filter(Q(is_active=True, favour__deleted_at__isnull=False) | Q(is_active=False, favour__deleted_at=None)),
    )
    yield (
        "participation.share is one divided by the people of the favour",
        rows.annotate(right=share).filter(
            Q(share__lt=F("right") - Value(ROUNDING)) | Q(share__gt=F("right") + Value(ROUNDING))
        ),
    )


def _crossings() -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield rows of one network that point at a row of another."""
    for rule, field, named in _references():
        if issubclass(field.model, Owned) and issubclass(field.related_model, Owned):
            yield f"{rule} stays in its network", named.exclude(**{f"{field.name}__network": F("network")})


def _left_behind() -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield rows that refer to a missing row through a foreign key that the database itself does not check."""
    for rule, field, named in _references():
        if not field.db_constraint:
            there = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
            yield f"{rule} exists", named.filter(~Exists(there))


def _references() -> Iterator[tuple[str, Any, QuerySet[Any]]]:
    """Yield each foreign key of each model: its name for a rule, the field, and the rows in which it is set."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                named = model._base_manager.filter(**{f"{field.name}__isnull": False})
                yield f"{model._meta.model_name}.{field.name}", field, named
