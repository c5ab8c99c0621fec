"""Storing many new rows at once, several times quicker than `bulk_create`.

An import writes some thirty rows for each person; compiling each value into an expression, as Django does for what may
hold expressions, took most of its time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

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
    Model,
    TextField,
    UUIDField,
)

from contacts.models import Network, Owned

O = TypeVar("O", bound=Owned)  # noqa: E741 - an owned row

AT_ONCE = 500
PLAIN = (BooleanField, CharField, TextField, IntegerField, ForeignKey)
"""Fields whose values every database takes as they are."""


def insert(rows: Iterable[Model]) -> None:
    """Store new rows of one model whose primary keys nobody needs. Sends no signals, as bulk_create.

    Values have to be what the model's fields hold: nothing is converted that is not plain text or a number.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        _insert(type(batch[0]), batch)


def insert_values(model: type[Owned], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store new rows of a model given as the values of the attributes `names`; all others get their defaults.

    No object is made of them: with some ten rows for each person of an import, that took a fifth of its time.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not isinstance(field, AutoField)}
    defaults = {name: field.get_default() for name, field in fields.items() if name not in names and name != "uuid"}
    named = [fields[name] for name in (*names, "uuid", *defaults)]
    same = tuple(defaults.values())
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        _insert_values(model, named, [(*row, uuid.uuid4(), *same) for row in batch])


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


def _insert(model: type[Model], rows: list[Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    values_of = attrgetter(*(field.attname for field in fields))
    _insert_values(model, fields, [values_of(row) for row in rows])


def _insert_values(model: type[Model], fields: list[Field[Any, Any]], rows: list[tuple[Any, ...]]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    preparations = {
        place: prepare for place, field in enumerate(fields) if (prepare := _preparation(field, connection))
    }
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_prepared(row, preparations) for row in rows])


def _prepared(values: tuple[Any, ...], preparations: dict[int, Callable[[Any], Any]]) -> list[Any]:
    result = list(values)
    for place, prepare in preparations.items():
        if result[place] is not None:
            result[place] = prepare(result[place])
    return result


def _preparation(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """How values of a field are handed to the database; None if as they are."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, UUIDField):
        return None if connection.features.has_native_uuid_field else attrgetter("hex")
    prepare = partial(field.get_db_prep_save, connection=connection)
    # The rows of a batch are mostly of the same instant.
    return lru_cache(maxsize=1)(prepare) if isinstance(field, DateTimeField) else prepare
