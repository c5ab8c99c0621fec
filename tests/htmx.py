"""A request of htmx, which asks for a part of a page."""

HTMX = {"HX-Request": "true"}
"""Headers that htmx sends along."""
