"""Query lookups that Django lacks. Importing this module registers them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Lookup
from django.db.models.sql.compiler import SQLCompiler


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """Lookup for values that are among many given ones, which are passed as a single parameter.

    Django's `in` passes each as a parameter of its own: compiling those takes longer than the query, and SQLite limits
    their number.
    """

    lookup_name = "among"
    rhs: Iterable[Any]

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)  # A query may be executed more than once.

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self._values(connection))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        values = json.dumps(self._values(connection))
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, values)  # noqa: S608 - our own column

    def _values(self, connection: BaseDatabaseWrapper) -> list[Any]:
        field = self.lhs.output_field
        values = [field.get_db_prep_value(value, connection) for value in self.rhs]
        if not values:
            raise EmptyResultSet  # Django then sends no query, as for `in`.
        return values
