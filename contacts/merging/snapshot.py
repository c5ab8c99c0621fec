"""A record of a merge's changes, in JSON, so that it can be undone row by row.

A snapshot holds the survivor's changed fields, `before` and `after`; the `changes` to columns of other rows; the
complete rows that were `removed`, in order of removal; and the rows that were `added`. It knows nothing about the
meaning of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, Self

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ForeignKey, Manager, Model, QuerySet
from django.db.models.deletion import Collector

from contacts.models import Network, Owned

Values = dict[str, Any]
"""The columns of a row by attribute name, as JSON."""


@dataclass(frozen=True, slots=True)
class Change:
    """A column that changed from `before` to `after` in some rows, given by primary key."""

    model: str
    column: str
    rows: list[int]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A complete row.

    `twin` is the key of the survivor's equivalent row, if the row was removed as a duplicate of it.
    """

    model: str
    values: Values
    twin: int | None = None


@dataclass(slots=True)
class Snapshot:
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the snapshot that was stored as JSON."""
        return cls(
            before=data["before"],
            after=data["after"],
            changes=[Change(**change) for change in data["changes"]],
            removed=[Row(**row) for row in data["removed"]],
            added=[Row(**row) for row in data["added"]],
        )


class _WholeCollector(Collector):
    """Collects everything in a network that is deleted along with a row, row by row."""

    def __init__(self, network: Network) -> None:
        super().__init__(using=DEFAULT_DB_ALIAS, origin=None)
        self._network = network

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> QuerySet[Any]:
        """Return the related rows, but never any of another network."""
        return super().related_objects(related_model, related_fields, objs).filter(network=self._network)

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Return False: rows that were deleted without being loaded could not be restored."""
        return False


def remove(
    network: Network, rows: Iterable[Owned], snapshot: Snapshot, *, twins: Mapping[int, int] | None = None
) -> None:
    """Delete rows and everything that goes with them, and record it in the snapshot.

    `twins` maps the keys of rows to the keys of the survivor's equivalent rows.
    """
    collector = _WholeCollector(network)
    collector.collect(list(rows))
    collector.sort()
    twins = twins or {}
    updates: Any = collector.field_updates
    snapshot.changes += [
        Change(row._meta.label_lower, column.attname, [row.pk], getattr(row, column.attname), after)
        for (column, after), groups in updates.items()
        for group in groups
        for row in group
    ]
    snapshot.removed += [row_of(row, twin=twins.get(row.pk)) for found in collector.data.values() for row in found]
    collector.delete()


def row_of(row: Model, *, twin: int | None = None) -> Row:
    """Return the row in JSON form."""
    return Row(row._meta.label_lower, values_of(row, [field.attname for field in row._meta.concrete_fields]), twin)


def values_of(row: Model, names: Iterable[str]) -> Values:
    """Return some columns of a row as JSON; dates, times and the like become texts that `restored` understands."""
    wanted = set(names)
    values = {}
    for column in row._meta.concrete_fields:
        if column.attname in wanted:
            value = column.value_from_object(row)
            is_plain = value is None or isinstance(value, str | int | float | bool | list | dict)
            values[column.attname] = value if is_plain else column.value_to_string(row)
    return values


def restored(model: type[Model], values: Values) -> Values:
    """Return the columns as Python values."""
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in values.items()}


def take_back_changes(network: Network, changes: Iterable[Change]) -> None:
    """Restore the columns that still hold the value that the merge wrote."""
    for change in changes:
        rows = _rows(network, _model(change.model)).filter(**{change.column: change.after})
        rows.filter(pk__among=change.rows).update(**{change.column: change.before})


def take_back_added(network: Network, rows: Iterable[Row]) -> None:
    """Delete the rows that the merge added, unless they were changed since."""
    for row in rows:
        stored = _rows(network, _model(row.model)).filter(uuid=row.values["uuid"])
        stored.filter(pk__in=[found.pk for found in stored if row_of(found).values == row.values]).delete()


def bring_back_removed(network: Network, rows: Collection[Row]) -> None:
    """Restore removed rows under their old keys, in reverse order, since rows removed first depend on later ones.

    Rows whose twin has gone are left out, because the member has since removed that information; so are rows that refer
    to a row that has gone, unless the reference may be empty, in which case it is cleared. Rows that conflict with
    newer ones are skipped.
    """
    for label, group in groupby(reversed(list(rows)), key=lambda row: row.model):
        model, removed = _model(label), list(group)
        twins = _existing(network, model, (row.twin for row in removed if row.twin))
        returning = [restored(model, row.values) for row in removed if row.twin is None or row.twin in twins]
        for column in model._meta.concrete_fields:
            if isinstance(column, ForeignKey) and column.name != "network":
                returning = _without_dangling(network, column, returning)
        model._base_manager.bulk_create((model(**values) for values in returning), ignore_conflicts=True)


def _without_dangling(network: Network, column: ForeignKey[Any, Any], rows: list[Values]) -> list[Values]:
    """Return the rows whose reference still exists; where it may be empty, a missing one is cleared instead."""
    keys = {row[column.attname] for row in rows} - {None}
    missing = keys - _existing(network, column.related_model, keys)
    if column.null:
        return [row | {column.attname: None} if row[column.attname] in missing else row for row in rows]
    return [row for row in rows if row[column.attname] not in missing]


def _existing(network: Network, model: Any, keys: Iterable[int]) -> set[int]:
    """Return those of the primary keys that exist in the network."""
    return set(_rows(network, model).filter(pk__among=keys).values_list("pk", flat=True))


def _rows(network: Network, model: type[Owned]) -> QuerySet[Any]:
    manager: Manager[Any] = model._base_manager
    return manager.filter(network=network)


def _model(label: str) -> type[Owned]:
    model: type[Owned] = apps.get_model(label)
    return model
