"""Storing many new rows at once, several times quicker than `bulk_create`.

An import writes some thirty rows for each person; compiling each value into an expression, as Django does for what may
hold expressions, took most of its time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache, partial
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeAlias

from django.apps import apps
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

from contacts.database.batches import batches
from contacts.models import Owned

Column: TypeAlias = "Field[Any, Any]"

AT_ONCE = 500
EMPTY_JSON: dict[type, str] = {dict: "{}", list: "[]"}
"""What most JSON fields of most rows hold."""
PLAIN = (BooleanField, CharField, TextField, IntegerField, ForeignKey)
"""Fields whose values every database takes as they are."""

GROWN_MORE_THAN_TENFOLD = """
    SELECT relname FROM pg_class
    WHERE oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s::text[]) AS name)
    AND pg_relation_size(oid) > 10 * relpages::bigint * current_setting('block_size')::int
"""
"""`relpages` is the size of a table, in blocks, when PostgreSQL last looked at it. Nearer figures change no plan."""


def insert(rows: Iterable[Model]) -> None:
    """Store new rows of one model whose primary keys nobody needs. Sends no signals, as bulk_create.

    Values have to be what the model's fields hold: nothing is converted that is not plain text or a number.
    """
    for batch in batches(rows, AT_ONCE):
        _insert_objects(batch, _fields(type(batch[0])))


def insert_with_keys(rows: Collection[Model]) -> None:
    """Store new rows of one model, in a transaction of the caller's, and set their primary keys; see `insert`."""
    for batch in batches(rows, AT_ONCE):
        model = type(batch[0])
        for row, key in zip(batch, _new_keys(model, len(batch)), strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        _insert_objects(batch, model._meta.concrete_fields)


def insert_values(model: type[Owned], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store new rows of a model given as the values of the attributes `names`; all others get their defaults.

    No object is made of them: with some ten rows for each person of an import, that took a fifth of its time.
    """
    fields = _fields(model)
    for batch in batches(rows, AT_ONCE):
        given = dict(zip(names, zip(*batch, strict=True), strict=True))
        columns: list[Iterable[Any]] = []
        for field in fields:
            if field.attname == "uuid":
                columns.append(_identifiers(len(batch)))
            elif field.attname in given:
                columns.append(_prepared(field, given[field.attname]))
            else:
                columns.append(repeat(_prepared(field, [field.get_default()])[0], len(batch)))
        insert_prepared(model, [str(field.column) for field in fields], list(zip(*columns, strict=True)))


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


def refresh_statistics() -> None:
    """Let the database look at how much its tables hold, where that is far from what it has seen.

    As long as it takes a network for a handful of rows, it reads all of it to find a few. PostgreSQL looks by itself,
    but minutes later; SQLite never does.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    tables = [model._meta.db_table for model in apps.get_app_config("contacts").get_models()]
    with connection.cursor() as cursor:
        # SQLite looks at some hundred rows, in milliseconds (see analysis_limit in the settings); PostgreSQL at 30,000.
        if connection.vendor == "postgresql":
            cursor.execute(GROWN_MORE_THAN_TENFOLD, [tables])
            tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _new_keys(model: type[Model], number: int) -> Iterable[int]:
    """Primary keys that no other row of the model has or will get, once the running transaction has stored them."""
    connection = connections[DEFAULT_DB_ALIAS]
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = [connection.ops.quote_name(table), column, number]
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", sequence)
            return [key for (key,) in cursor.fetchall()]
        # SQLite has one writer at a time, and goes on counting from the highest key that was stored.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (highest,) = cursor.fetchone() or (0,)
        return range(highest + 1, highest + 1 + number)


def _identifiers(number: int) -> list[str]:
    """So many random UUIDs (version 4 of RFC 9562) in hexadecimal, as every database takes them.

    All of their bits are drawn at once: one by one, they took a twentieth of an import.
    """
    drawn = os.urandom(16 * number).hex()
    digits = (drawn[start : start + 32] for start in range(0, len(drawn), 32))
    return [f"{each[:12]}4{each[13:16]}{'89ab'[int(each[16], 16) % 4]}{each[17:]}" for each in digits]


def _fields(model: type[Model]) -> list[Column]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


def _insert_objects(rows: Sequence[Model], fields: Sequence[Column]) -> None:
    """Go through the rows field by field, so that only those are looked at closely that a database takes otherwise."""
    values_of = attrgetter(*(field.attname for field in fields))
    columns = zip(*map(values_of, rows), strict=True)
    prepared = [_prepared(field, values) for field, values in zip(fields, columns, strict=True)]
    insert_prepared(type(rows[0]), [str(field.column) for field in fields], list(zip(*prepared, strict=True)))


def _prepared(field: Column, values: Sequence[Any]) -> Sequence[Any]:
    """The values of a field as they are handed to the database."""
    prepare = _preparation(field, connections[DEFAULT_DB_ALIAS])
    return [None if value is None else prepare(value) for value in values] if prepare else values


def _as_json(value: Any, *, encoder: type[json.JSONEncoder] | None) -> str:
    """A plain text is taken as well as what Django makes of it for a query, and in half the time."""
    empty = None if value else EMPTY_JSON.get(type(value))
    return empty or json.dumps(value, cls=encoder)


def _preparation(field: Column, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """How values of a field are handed to the database; None if as they are."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, UUIDField):
        return None if connection.features.has_native_uuid_field else attrgetter("hex")
    if isinstance(field, JSONField):
        return partial(_as_json, encoder=field.encoder)
    prepare = partial(field.get_db_prep_save, connection=connection)
    # The rows of a batch are mostly of the same instant.
    return lru_cache(maxsize=1)(prepare) if isinstance(field, DateTimeField) else prepare
