"""Deciding whether ``2/6/1980`` is in June or in February: by all dates of a file, else by the member's region."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

MONTH_FIRST_REGIONS = frozenset(("AS", "GU", "MH", "MP", "PA", "PH", "PR", "UM", "US", "VI"))
"""Regions (ISO 3166) in which the month is written first, by the short dates of the Unicode CLDR."""

NUMERIC_DATE = re.compile(
    r"([0-9]{1,2})(?:([-/])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?:[ T][0-9:]{4,8}.{0,6})?|/([0-9]{1,2}))"
)

Evidence: TypeAlias = Literal["none", "proven", "mixed", "assumed"]


@dataclass(frozen=True)
class DayOrder:
    """The reading of a file's ambiguous dates, of which ``example`` is one.

    ``evidence`` is ``none`` (there is no ambiguous date), ``proven`` by other dates of the file, ``mixed`` if these
    contradict each other, or ``assumed`` from the member's region.
    """

    month_first: bool = False
    evidence: Evidence = "none"
    example: str = ""


def order_of(texts: Iterable[str], *, region: str) -> DayOrder:
    """Returns the order of day and month in the dates among these texts; ``region`` is the member's (ISO 3166)."""
    day_first = month_first = 0
    example = ""
    for text in texts:
        found = NUMERIC_DATE.fullmatch(text)
        if found is None:
            continue
        first, second = int(found[1]), int(found[3] or found[4])
        if first > 12 >= second > 0:
            day_first += 1
        elif second > 12 >= first > 0:
            month_first += 1
        elif 0 < first != second > 0 and not example:
            example = text
    if not example:
        return DayOrder(month_first > day_first)
    if day_first == month_first:
        evidence: Evidence = "mixed" if day_first else "assumed"
        return DayOrder(region in MONTH_FIRST_REGIONS, evidence, example)
    return DayOrder(month_first > day_first, "mixed" if day_first and month_first else "proven", example)
