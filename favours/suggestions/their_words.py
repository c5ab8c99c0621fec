"""Quoting needs to the people who have them.

The member notes a need in words about somebody: "a tax adviser for her studio". Quoted to her, "her" would be wrong.
"""

from __future__ import annotations

import re

THIRD_PERSON = re.compile(
    r"\b(?:he|she|they|him|her|hers|them|his|their|theirs|himself|herself|themselves"
    r"|er|sie|ihm|ihn|ihnen|ihr|ihre[mnrs]?|sein|seine[mnrs]?|(?<=für )sich)\b",
    re.IGNORECASE,
)

SAYS_NOTHING = re.compile(
    r"(?:an?|the|some|one|somebody|someone|something|people|ein|eine[mnrs]?|jemand(?:en|em)?|etwas|leute|\W)*",
    re.IGNORECASE,
)

CLAUSE = re.compile(
    r"[,;:(–]|\s-\s"
    r"|\b(?:for|with|of|in|at|on|to|from|near|about|who|whom|whose|that|which|because|so|and|or"
    r"|für|mit|von|vom|bei|beim|in|im|an|am|auf|aus|zu|zum|zur|nach|über|damit|weil|wo|und|oder)\b",
    re.IGNORECASE,
)
"""The beginning of an omissible part: a clause, or a detail introduced by a preposition."""


def quoted(text: str) -> str:
    """Returns a line without its full stop, for use in quotation marks."""
    return text.strip().rstrip(" .")


def told_to_them(need: str) -> str:
    """Returns a need without details that refer to its person in the third person; "" if nothing meaningful remains."""
    text = quoted(need)
    pronoun = THIRD_PERSON.search(text)
    if pronoun is None:
        return text
    begins = [clause.start() for clause in CLAUSE.finditer(text, 0, pronoun.start())]
    rest = text[: begins[-1]].rstrip(" ,;:(–-") if begins else ""
    return "" if SAYS_NOTHING.fullmatch(rest) else rest
