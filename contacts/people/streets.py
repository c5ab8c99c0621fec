"""German and English words in street names that addresses abbreviate."""

from __future__ import annotations

import re

STREET_WORDS = {
    "str": "strasse",
    "st": "street",
    "pl": "platz",
    **dict.fromkeys(("ave", "av"), "avenue"),
    "rd": "road",
    "dr": "drive",
    **dict.fromkeys(("ct", "crt"), "court"),
    **dict.fromkeys(("cres", "cr"), "crescent"),
    "cct": "circuit",
    "ln": "lane",
    "cl": "close",
    "blvd": "boulevard",
    "tce": "terrace",
    "pde": "parade",
}
"""Abbreviations with the words that they abbreviate."""
STREET_END = re.compile(r"(?<=[a-z]{3})str$")


def written_out(word: str) -> str:
    """Return the full word for a folded abbreviation in a street, or an empty string if it is not one."""
    if word in STREET_WORDS:
        return STREET_WORDS[word]
    return STREET_END.sub("strasse", word) if word.endswith("str") and STREET_END.search(word) else ""
