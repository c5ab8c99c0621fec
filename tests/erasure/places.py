"""The places where an instance keeps text: every column of every table, and every file, found rather than listed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")


class Place(NamedTuple):
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


class Found(NamedTuple):
    """A text that contains one of the strings searched for, in the row with this primary key."""

    place: Place
    key: Any


def places() -> list[Place]:
    """Return every column of every table in the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)
        names = sorted(table.name for table in tables)
        if connection.vendor == "sqlite":
            names.append("sqlite_sequence")
        return [
            Place(name, column.name)
            for name in names
            for column in connection.introspection.get_table_description(cursor, name)
        ]


def free_places() -> set[Place]:
    """Return the columns that can hold typed text, unlike keys, numbers, dates, identifiers and choices."""
    fields = {
        Place(model._meta.db_table, str(field.column)): field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    closed = (models.AutoField, models.ForeignKey, models.UUIDField, models.BooleanField, models.IntegerField)
    closed += (models.FloatField, models.DateField, models.TimeField, models.DecimalField)
    return {
        place
        for place in places()
        if (field := fields.get(place)) is None or not (field.choices or isinstance(field, closed))
    }


def find(sought: Iterable[str], within: Iterable[Place] | None = None) -> set[Found]:
    """Return the rows and columns whose text contains a sought string, ignoring case; sessions are decoded."""
    needles = [each.casefold() for each in sought]
    found = set()
    for place in within or places():
        for key, text in _texts(place):
            if any(needle in text.casefold() for needle in needles):
                found.add(Found(place, key))
    return found


def files_with(sought: Iterable[str], folder: Path) -> set[str]:
    """Return the relative paths of the files below a folder whose bytes contain one of the sought strings literally."""
    needles = [each.encode() for each in sought]
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    }


def _texts(place: Place) -> Iterator[tuple[Any, str]]:
    if place == Place("django_session", "session_data"):
        for session in Session.objects.all():
            yield session.pk, json.dumps(session.get_decoded(), ensure_ascii=False)
        return
    table, column = connection.ops.quote_name(place.table), connection.ops.quote_name(place.column)
    with connection.cursor() as cursor:
        keys = connection.introspection.get_primary_key_columns(cursor, place.table) or [place.column]
        key = connection.ops.quote_name(keys[0])
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL")
        for row_key, value in cursor.fetchall():
            yield row_key, _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode(errors="replace")
    # JSON is stored with Unicode escapes; characters beyond U+FFFF take two (a surrogate pair).
    return ESCAPES.sub(lambda escapes: json.loads(f'"{escapes[0]}"'), str(value))
