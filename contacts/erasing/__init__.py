"""Erasing people for good: what goes, what still names them, what is remembered of it."""
