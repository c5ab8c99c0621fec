"""Tables (CSV), read and written."""
