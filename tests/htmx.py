"""Requests as htmx sends them, for a part of a page."""

HTMX = {"HX-Request": "true"}
"""Headers that identify a request of htmx."""
