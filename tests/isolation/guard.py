"""Rejects a page's SELECT on a member's rows that does not name a network.

Every test runs under this guard (tests/conftest.py), so a forgotten scope fails the first test that reaches it, even if
there is no stranger's row to leak.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any

from django.apps import apps
from django.db.models.deletion import Collector

from contacts.models import Owned

# full_clean() checks whether a value is taken by `SELECT 1 ...`, with or without parameters; the result only says
# whether a random UUID exists.
UNIQUENESS_CHECK = ("SELECT 1 AS", "SELECT %s AS")
NAMES_A_NETWORK = re.compile(r'"network_id" (?:=|IN) ')


class UnscopedSelectError(AssertionError):
    """A page read owned rows without naming a network."""


@cache
def owned_tables() -> re.Pattern[str]:
    """Return a pattern that finds the quoted name of any table whose rows belong to a member."""
    names = [model._meta.db_table for model in apps.get_models() if issubclass(model, Owned)]
    return re.compile(f'"(?:{"|".join(map(re.escape, names))})"')


def is_unscoped(sql: str) -> bool:
    """Return whether the statement reads an owned table without comparing a network."""
    if not sql.startswith("SELECT") or sql.startswith(UNIQUENESS_CHECK):
        return False
    return bool(owned_tables().search(sql)) and not NAMES_A_NETWORK.search(sql)


def is_cascade() -> bool:
    """Return whether Django is looking up what depends on rows that it is about to delete and has already read."""
    frame: FrameType | None = sys._getframe()
    while frame:
        if frame.f_code is Collector.collect.__code__:
            return getattr(frame.f_locals["objs"], "_result_cache", ()) is not None
        frame = frame.f_back
    return False


def refuse_unscoped(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement, or raise UnscopedSelectError. An execute wrapper; see Django's database instrumentation."""
    if is_unscoped(sql) and not is_cascade():
        raise UnscopedSelectError(f"This SELECT names no network:\n{sql}")
    return execute(sql, params, many, context)
