"""netcrm's own export (JSON; docs/export.md describes it): its fields, and how it is read."""
