"""Recognising the country that a text names, as in addresses."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from contacts.text import fold

LONGEST = 60


@lru_cache(maxsize=512)
def region_of_country(text: str) -> str:
    """Return the country (ISO 3166) that a text names, in any of many languages or by its code; empty if none."""
    text = text.strip().rstrip(".") if len(text) <= LONGEST else ""
    names = _regions_by_name()
    return names.get(text.upper(), "") or names.get(fold(text), "") if text else ""


@cache
def _regions_by_name() -> dict[str, str]:
    """Return the countries by their folded names, and each by its code in capitals."""
    found: dict[str, str] = {}
    for line in resources.files(__package__).joinpath("countries.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            region, _colon, names = line.partition(": ")
            found[region] = region
            for name in names.split("; "):
                found.setdefault(fold(name).rstrip("."), region)
    return found
