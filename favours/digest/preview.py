"""A preview of the letter as it would go out now. Nothing is stored, and its links do nothing."""

from __future__ import annotations

from datetime import date

from contacts.models import Network
from favours.digest.contents import contents_of
from favours.digest.letter import Letter, compose
from favours.digest.links import Act, Addresses, Subject, app_address
from favours.suggestions.rounds import current_round, open_suggestions, preview


def _nowhere(act: Act, subject: Subject) -> str:
    return "#"


def letter_now(network: Network, day: date | None = None, *, addresses: Addresses = _nowhere) -> Letter | None:
    """Returns the letter of `day` (default: the member's today); None if there is nobody to suggest."""
    day = day or network.today()
    made = current_round(network, day)
    suggestions = open_suggestions(network, made) if made else preview(network, day).listed
    if not suggestions:
        return None
    contents = contents_of({network: suggestions}, day)[network]
    return compose(contents, addresses, unsubscribe=app_address("/letter/"))
