"""Django's backend for PostgreSQL, with connections that a frozen server can't block."""
