"""netcrm's own export (JSON; docs/export.md describes it): its fields, and reading it."""
