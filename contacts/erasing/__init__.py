"""Erasing people for good: what is deleted, what still names them, and what is remembered about it."""
