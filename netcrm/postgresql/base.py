"""The module in which Django looks for the backend that the setting `ENGINE` names."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from netcrm.postgresql.connections import outage


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend, except that it fails at once if the same thread has just failed to reach the server."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection from the pool. Raises psycopg.OperationalError if the server can't be reached."""
        if outage.is_recent:
            raise psycopg.OperationalError("the connection is not tried, as the server was away a moment ago")
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            outage.note()
            raise
