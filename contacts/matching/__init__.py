"""Finding the people for a tip: short German and English texts, matched by their words and by what they mean.

    match(network, text, *, kinds=tuple(Kind), limit=20, perhaps=False) -> list[Match]
    match_all(network, texts, *, kinds=tuple(Kind), limit=20, perhaps=False) -> list[list[Match]]
    answers(network, [Question(text, kinds, limit, perhaps), ...]) -> list[list[Match]]
    fits(one, other) -> bool
    fitting(network, texts, needs) -> set[tuple[int, int]]

For suggestions, pass `answers` everything that is asked of a network at once: everybody's needs, with the kinds that
may answer them (OFFERS, which includes the member's own, ROLE, ORGANISATION), and the tips of the tip box with SEEKS
and INTEREST. The number of queries does not depend on the number of texts, and 200 texts among 20,000 topics take about
a second.
"""

from contacts.matching.matches import By, Match, Question, Strength, answers, fits, fitting, match, match_all
from contacts.matching.texts import Kind, forget_texts, sentences

__all__ = [
    "By",
    "Kind",
    "Match",
    "Question",
    "Strength",
    "answers",
    "fits",
    "fitting",
    "forget_texts",
    "match",
    "match_all",
    "sentences",
]
