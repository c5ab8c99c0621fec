"""The environment of a benchmark: a separate instance, removed at the end. Import this module before any model.

The database is PostgreSQL if NETCRM_TEST_DATABASE_URL names one, as under `python -m tests.servers`; otherwise SQLite.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

folder = Path(tempfile.mkdtemp(prefix="netcrm-bench-"))
atexit.register(shutil.rmtree, folder)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "netcrm.settings"
os.environ["NETCRM_SECRET_KEY"] = "only to load the settings"
os.environ["NETCRM_DATA"] = str(folder)
os.environ["DATABASE_URL"] = os.environ.get("NETCRM_TEST_DATABASE_URL", "")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django had to be set up first
from django.db import connection, connections  # noqa: E402
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper  # noqa: E402


def parser_for_members(description: str) -> argparse.ArgumentParser:
    """Return a parser for benchmarks of many members; `description` is the docstring of the benchmark."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("--members", type=int, default=10_000, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    return parser


def begin(options: argparse.Namespace) -> None:
    """Keep to two cores, create the tables, and print what is measured."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    call_command("migrate", verbosity=0)
    print(f"{connection.display_name}, {options.members:,} members, {options.workers} workers")


def analyse() -> None:
    """Update the planner's statistics, which PostgreSQL does by itself, but not immediately."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def hang_up() -> None:
    """Close all connections and their pool: forked processes cannot share one."""
    database = connections["default"]
    database.close()
    if isinstance(database, PostgresWrapper):
        database.close_pool()
