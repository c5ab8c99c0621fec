"""Storing many new rows at once, several times faster than `bulk_create`.

Django compiles every value as if it were an SQL expression, which took most of an import's time: an import writes some
thirty rows per person.
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
"""Rows per statement."""
EMPTY_JSON: dict[type, str] = {dict: "{}", list: "[]"}
"""JSON of empty values; most JSON fields of most rows are empty."""
PLAIN = (BooleanField, CharField, TextField, IntegerField, ForeignKey)
"""Field types whose values every database accepts without conversion."""

GROWN_MORE_THAN_TENFOLD = """
    SELECT relname FROM pg_class
    WHERE oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s::text[]) AS name)
    AND pg_relation_size(oid) > 10 * relpages::bigint * current_setting('block_size')::int
"""
"""`relpages` is a table's size in blocks when PostgreSQL last analysed it. More exact statistics would change no plan.
"""


def insert(rows: Iterable[Model]) -> None:
    """Stores new rows of one model without setting their primary keys. Sends no signals, like `bulk_create`.

    Values must have the types of the model's fields; nothing is converted.
    """
    for batch in batches(rows, AT_ONCE):
        _insert_objects(batch, _fields(type(batch[0])))


def insert_with_keys(rows: Collection[Model]) -> None:
    """Stores new rows of one model in the caller's transaction, and sets their primary keys; see `insert`."""
    for batch in batches(rows, AT_ONCE):
        model = type(batch[0])
        for row, key in zip(batch, _new_keys(model, len(batch)), strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        _insert_objects(batch, model._meta.concrete_fields)


def insert_values(model: type[Owned], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Stores new rows of a model, given as values of the attributes `names`; all other attributes get their defaults.

    Avoids creating model instances, which took a fifth of an import's time.
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
    """Stores new rows, given as values of the database columns `columns`, which are passed on unchanged."""
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    target = f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            # One stream instead of a statement per row: the round trips took half of an import.
            with cursor.copy(f"COPY {target} FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608 - our own names


def refresh_statistics() -> None:
    """Updates the query planner's statistics for tables that have grown a lot since they were last analysed.

    As long as the planner believes that a network has only a handful of rows, it scans them all to find a few.
    PostgreSQL updates statistics by itself, but minutes later; SQLite never does, so all its tables are analysed.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    tables = [model._meta.db_table for model in apps.get_app_config("contacts").get_models()]
    with connection.cursor() as cursor:
        # SQLite samples a few hundred rows, in milliseconds (see analysis_limit in the settings); PostgreSQL 30,000.
        if connection.vendor == "postgresql":
            cursor.execute(GROWN_MORE_THAN_TENFOLD, [tables])
            tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _new_keys(model: type[Model], number: int) -> Iterable[int]:
    """Returns unused primary keys for new rows of the model, to be used in the current transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = [connection.ops.quote_name(table), column, number]
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", sequence)
            return [key for (key,) in cursor.fetchall()]
        # SQLite allows one writer at a time, and continues from the highest key ever stored.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (highest,) = cursor.fetchone() or (0,)
        return range(highest + 1, highest + 1 + number)


def _identifiers(number: int) -> list[str]:
    """Returns this many random UUIDs (version 4 of RFC 9562) in hexadecimal, a form that every database accepts.

    All of their bits are drawn at once; drawing them one by one took a twentieth of an import's time.
    """
    drawn = os.urandom(16 * number).hex()
    digits = (drawn[start : start + 32] for start in range(0, len(drawn), 32))
    return [f"{each[:12]}4{each[13:16]}{'89ab'[int(each[16], 16) % 4]}{each[17:]}" for each in digits]


def _fields(model: type[Model]) -> list[Column]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


def _insert_objects(rows: Sequence[Model], fields: Sequence[Column]) -> None:
    """Stores rows, converting them field by field, because most fields need no conversion."""
    values_of = attrgetter(*(field.attname for field in fields))
    columns = zip(*map(values_of, rows), strict=True)
    prepared = [_prepared(field, values) for field, values in zip(fields, columns, strict=True)]
    insert_prepared(type(rows[0]), [str(field.column) for field in fields], list(zip(*prepared, strict=True)))


def _prepared(field: Column, values: Sequence[Any]) -> Sequence[Any]:
    """Returns the values of a field in the form in which they are passed to the database."""
    prepare = _preparation(field, connections[DEFAULT_DB_ALIAS])
    return [None if value is None else prepare(value) for value in values] if prepare else values


def _as_json(value: Any, *, encoder: type[json.JSONEncoder] | None) -> str:
    """Returns a value as JSON text, in half the time that Django takes to adapt it for a query."""
    empty = None if value else EMPTY_JSON.get(type(value))
    return empty or json.dumps(value, cls=encoder)


def _preparation(field: Column, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """Returns the function that converts values of a field for the database; None if they need no conversion."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, UUIDField):
        return None if connection.features.has_native_uuid_field else attrgetter("hex")
    if isinstance(field, JSONField):
        return partial(_as_json, encoder=field.encoder)
    prepare = partial(field.get_db_prep_save, connection=connection)
    # Most rows of a batch have the same timestamp.
    return lru_cache(maxsize=1)(prepare) if isinstance(field, DateTimeField) else prepare
