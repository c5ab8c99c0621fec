"""netcrm's own export (JSON; docs/export.md describes it), read."""
