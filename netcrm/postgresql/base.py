"""Django looks here for the backend that the setting `ENGINE` names."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from netcrm.postgresql.connections import outage


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend, which makes nobody wait for a server that somebody has just waited for in vain."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection of the pool. Raises psycopg.OperationalError if the server can't be reached."""
        if outage.is_recent:
            raise psycopg.OperationalError("the connection is not tried, as the server was away a moment ago")
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            outage.note()
            raise
