"""Finding the people for a tip: short texts in German and English, matched by what their words have in common."""

from contacts.matching.matches import Match, Strength, match, match_all
from contacts.matching.texts import Kind

__all__ = ["Kind", "Match", "Strength", "match", "match_all"]
