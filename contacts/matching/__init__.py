"""Finding the people for a tip: short texts in German and English, matched by what their words have in common.

    match(network, text, *, kinds=tuple(Kind), limit=20) -> list[Match]
    match_all(network, texts, *, kinds=tuple(Kind), limit=20) -> list[list[Match]]
    fits(one, other) -> bool

For suggestions `match_all` takes the needs of everybody at once, with the kinds that may answer them (OFFERS, the
member's own among them, ROLE, ORGANISATION), or the tips of the tip box with SEEKS and INTEREST: the number of queries
does not depend on how many texts there are, and 200 texts among 20,000 topics take about a second.
"""

from contacts.matching.matches import Match, Strength, fits, match, match_all
from contacts.matching.texts import Kind

__all__ = ["Kind", "Match", "Strength", "fits", "match", "match_all"]
