"""Storing many new rows at once, several times quicker than `bulk_create`.

An import writes some thirty rows for each person; compiling each value into an expression, as Django does for what may
hold expressions, took most of its time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
    UUIDField,
)

from contacts.models import Network, Owned

O = TypeVar("O", bound=Owned)  # noqa: E741 - an owned row
Column: TypeAlias = "Field[Any, Any]"

AT_ONCE = 500
PLAIN = (BooleanField, CharField, TextField, IntegerField, ForeignKey)
"""Fields whose values every database takes as they are."""


def insert(rows: Iterable[Model]) -> None:
    """Store new rows of one model whose primary keys nobody needs. Sends no signals, as bulk_create.

    Values have to be what the model's fields hold: nothing is converted that is not plain text or a number.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        model = type(batch[0])
        fields = _fields(model)
        values_of = attrgetter(*(field.attname for field in fields))
        _insert_columns(model, dict(zip(fields, zip(*map(values_of, batch), strict=True), strict=True)))


def insert_values(model: type[Owned], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store new rows of a model given as the values of the attributes `names`; all others get their defaults.

    No object is made of them: with some ten rows for each person of an import, that took a fifth of its time.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        given = dict(zip(names, zip(*batch, strict=True), strict=True))
        given["uuid"] = tuple(uuid.uuid4() for _row in batch)
        columns = {field: given.get(field.attname) or (field.get_default(),) * len(batch) for field in _fields(model)}
        _insert_columns(model, columns)


def insert_with_keys(network: Network, rows: Collection[O]) -> None:
    """Store new rows of one model that belong to a network, and set their primary keys."""
    insert(rows)
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        stored = type(batch[0])._base_manager.filter(network=network, uuid__in=[row.uuid for row in batch])
        keys: dict[uuid.UUID, int] = dict(stored.values_list("uuid", "pk"))
        for row in batch:
            row.pk = keys[row.uuid]
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_prepared(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Store new rows given as the values of the database's `columns`, which are handed over as they are."""
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    target = f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            # One stream rather than a statement for each row, whose sending and answering took half of an import.
            with cursor.copy(f"COPY {target} FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608 - our own names


def _fields(model: type[Model]) -> list[Column]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


def _insert_columns(model: type[Model], columns: Mapping[Column, Sequence[Any]]) -> None:
    """Store rows given field by field, so that only those columns are gone through that a database takes otherwise."""
    connection = connections[DEFAULT_DB_ALIAS]
    prepared = [_prepared(field, values, connection) for field, values in columns.items()]
    insert_prepared(model, [str(field.column) for field in columns], list(zip(*prepared, strict=True)))


def _prepared(field: Column, values: Sequence[Any], connection: BaseDatabaseWrapper) -> Sequence[Any]:
    """The values of a field as they are handed to the database."""
    prepare = _preparation(field, connection)
    return [None if value is None else prepare(value) for value in values] if prepare else values


def _preparation(field: Column, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """How values of a field are handed to the database; None if as they are."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, UUIDField):
        return None if connection.features.has_native_uuid_field else attrgetter("hex")
    if isinstance(field, JSONField):
        return partial(connection.ops.adapt_json_value, encoder=field.encoder)
    prepare = partial(field.get_db_prep_save, connection=connection)
    # The rows of a batch are mostly of the same instant.
    return lru_cache(maxsize=1)(prepare) if isinstance(field, DateTimeField) else prepare
