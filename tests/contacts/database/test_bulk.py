"""Storing many rows at once, and the database's statistics afterwards."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.database.bulk import refresh_statistics
from contacts.models import Network
from contacts.people.directory import add_contacts
from contacts.people.person import Person
from netcrm.instance import prepare_database

postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has other statistics")
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has other statistics")


def tables_looked_at(act: Callable[[], None] = refresh_statistics) -> set[str]:
    """Return the tables that the database analyses while `act` refreshes its statistics."""
    with CaptureQueriesContext(connection) as queries:
        act()
    commands = [query["sql"] for query in queries if query["sql"].startswith("ANALYZE ")]
    return {command.removeprefix("ANALYZE ").strip('"') for command in commands}


@postgresql_only
def test_statistics_are_refreshed_where_a_table_has_outgrown_them(network: Network) -> None:
    with connection.cursor() as cursor:
        # Rows that earlier tests left, and had analysed, must not influence this one.
        cursor.execute("TRUNCATE contacts_contact, contacts_searchword CASCADE")
    add_contacts(network, [Person({"given_name": "Anna"})])
    assert {"contacts_contact", "contacts_searchword"} <= tables_looked_at()
    assert {"contacts_contact", "contacts_searchword"}.isdisjoint(tables_looked_at())
    add_contacts(network, [Person({"given_name": f"Anna{number}", "notes": "n" * 900}) for number in range(200)])
    assert "contacts_contact" in tables_looked_at()


@sqlite_only
@pytest.mark.django_db
def test_statistics_are_refreshed_before_a_new_version_starts() -> None:
    assert "contacts_contact" in tables_looked_at(prepare_database)


@sqlite_only
def test_statistics_are_there_after_a_refresh(network: Network) -> None:
    add_contacts(network, [Person({"given_name": f"Anna{number}"}) for number in range(500)])
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        assert {"contacts_contact", "contacts_searchword"} <= {table for (table,) in cursor.fetchall()}
