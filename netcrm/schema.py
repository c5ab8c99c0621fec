"""Checks that the tables of the database match the code, by comparing them with those that migrations would create.

Comparing the names of migrations isn't enough: a database may have been created by a different version of a migration
with the same name. So the tables themselves are compared: columns with their types, constraints and indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Table: TypeAlias = dict[str, str]
"""Maps each part of a table ("column name", "index name", ...) to its SQL definition."""

OWN_APPS = ("accounts", "contacts", "favours", "netcrm")
"""The project's own apps. Third-party apps may drop old migrations, so theirs reveal nothing about the version."""

NAMED_AT_ONCE = 5
"""Differences listed in a message; `manage.py doctor` lists all."""

OTHER_VERSION = (
    "Take the version of netcrm that made it, export each member there (manage.py export --format json) and import "
    "the files here (manage.py import_contacts); docs/backup.md says how."
)

COLUMNS_OF_POSTGRESQL = """
    SELECT c.relname, 'column ' || a.attname,
        concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
            'COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation AND collname <> 'default'))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = %s::regnamespace
"""
CONSTRAINTS_OF_POSTGRESQL = """
    SELECT c.relname, 'constraint ' || k.conname, pg_get_constraintdef(k.oid)
    FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND c.relnamespace = %s::regnamespace
"""
INDEXES_OF_POSTGRESQL = """
    SELECT c.relname, 'index ' || i.relname, pg_get_indexdef(i.oid)
    FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
    AND c.relnamespace = %s::regnamespace
"""


class SchemaError(Exception):
    """The tables don't match the code. The message says why and what to do, for the person at the terminal."""


class Difference(NamedTuple):
    """A difference between the database and the code, and whether it may make the code fail."""

    text: str
    matters: bool = True


def differences() -> list[Difference]:
    """Return all differences between the tables of the database and those that the migrations would create.

    Ignores tables of other programs. Takes about half a second and changes nothing.
    """
    if connection.vendor == "postgresql":
        found, expected = _postgresql_tables()
    else:
        with connection.cursor() as cursor:
            found = _sqlite_tables(cursor)
        expected = _expected_sqlite_tables()
    labels = tuple(f"{config.label}_" for config in apps.get_app_configs())
    unknown = [name for name in found if name not in expected and name.startswith(labels)]
    unknown = [name for name in unknown if name != MigrationRecorder.Migration._meta.db_table]
    return [
        *(Difference(f"table {name} is missing") for name in sorted(expected) if name not in found),
        *(Difference(f"table {name} is unknown") for name in sorted(unknown)),
        *(part for name in sorted(expected) if name in found for part in _unlike(name, found[name], expected[name])),
    ]


def newer_migrations() -> list[str]:
    """Return the names of netcrm's migrations that were applied to the database but are unknown to this code."""
    loader = MigrationLoader(connection)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - replaced
    return sorted(f"{label}.{name}" for label, name in unknown if label in OWN_APPS)


def check_version(what: str) -> None:
    """Raise SchemaError if the database, called `what` in the message, was used by a newer netcrm."""
    if newer := newer_migrations():
        raise SchemaError(
            f"{what} was made by a newer netcrm (this one does not know {newer[0]}). Update netcrm, then try again."
        )


def check_tables(what: str) -> None:
    """Raise SchemaError if the tables of the database, called `what` in the message, could make the code fail."""
    if texts := [difference.text for difference in differences() if difference.matters]:
        more = [f"and {len(texts) - NAMED_AT_ONCE} more"] if len(texts) > NAMED_AT_ONCE else []
        raise SchemaError(
            f"{what} was made by another version of netcrm, and its tables don't fit this one "
            f"({'; '.join([*texts[:NAMED_AT_ONCE], *more])}). {OTHER_VERSION}"
        )


def _unlike(name: str, found: Table, expected: Table) -> Iterator[Difference]:
    for part, definition in expected.items():
        if part not in found:
            yield Difference(f"{name}: {part} is missing")
        elif found[part] != definition:
            yield Difference(f"{name}: {part} is {found[part]} instead of {definition}")
    for part in found:
        if part not in expected:
            # An operator may have added an index; only one that rejects rows can do harm.
            yield Difference(
                f"{name}: {part} is unknown", matters=not part.startswith("index ") or "UNIQUE" in found[part]
            )


def _create_tables(database: BaseDatabaseWrapper) -> None:
    """Create the tables of all models in `database`, as the migrations would."""
    # From the migrations rather than the models: their key types may differ, which Django doesn't consider a change.
    models = MigrationLoader(None).project_state().apps.get_models()
    with database.schema_editor() as editor:
        for model in models:
            if model._meta.can_migrate(database):
                editor.create_model(model)


def _expected_sqlite_tables() -> dict[str, Table]:
    reference = connection.copy()
    reference.settings_dict["NAME"] = ":memory:"
    try:
        _create_tables(reference)
        with reference.cursor() as cursor:
            return _sqlite_tables(cursor)
    finally:
        reference.close()


def _sqlite_tables(cursor: Any) -> dict[str, Table]:
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY type = 'index'")
    tables: dict[str, Table] = {}
    for kind, name, table, sql in cursor.fetchall():
        if kind == "table":
            parts = _at_commas(sql.partition("(")[2].rpartition(")")[0])
            tables[table] = dict(_sqlite_part(text) for text in parts)
        elif kind == "index":
            tables[table][f"index {name}"] = " ".join(sql.split())
        else:
            tables.setdefault(table, {})[f"{kind} {name}"] = " ".join(sql.split())
    return tables


def _sqlite_part(text: str) -> tuple[str, str]:
    """Return the name and definition of a part of CREATE TABLE: a column, or a named or unnamed constraint."""
    if named := re.fullmatch(r'(CONSTRAINT )?(?!UNIQUE|CHECK|PRIMARY|FOREIGN)"?(\w+)"? (.*)', text):
        return f"{'constraint' if named[1] else 'column'} {named[2]}", named[3]
    return f"constraint {text}", text


def _at_commas(sql: str) -> list[str]:
    """Split `sql` at the commas outside parentheses and quotes."""
    parts, depth = [""], 0
    for piece in re.findall(r"""'[^']*'|"[^"]*"|[(),]|[^'"(),]+""", sql):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [" ".join(part.split()) for part in parts]


def _postgresql_tables() -> tuple[dict[str, Table], dict[str, Table]]:
    """Return the existing tables and the expected ones, which are created as temporary tables and rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        found = _tables_of_schema(cursor, schema)
        # Tables are created in the first schema of the path; extensions are still found in the others.
        cursor.execute("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)")
        _create_tables(connection)
        cursor.execute("SELECT pg_my_temp_schema()::regnamespace::text")
        expected = _tables_of_schema(cursor, cursor.fetchone()[0])
        transaction.set_rollback(True)
    return found, expected


def _tables_of_schema(cursor: Any, schema: str) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for query in (COLUMNS_OF_POSTGRESQL, CONSTRAINTS_OF_POSTGRESQL, INDEXES_OF_POSTGRESQL):
        cursor.execute(query, [schema])
        for table, part, definition in cursor.fetchall():
            # PostgreSQL includes the schema's name in the definition of each index.
            tables.setdefault(table, {})[part] = re.sub(r" ON \S+ USING ", " USING ", definition)
    return tables
