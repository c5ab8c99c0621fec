"""Phone numbers in cells and cards that hold several at once, or that a spreadsheet has damaged."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[+(]?[0-9][-0-9 ()/.]{5,24}")
BETWEEN = re.compile(r"\s+(?:oder|or|und|and|u\.|bzw\.?|sowie|et|&)\s+|\s*[;\n]\s*")
MAY_BE_SEVERAL = re.compile(r"[/;\n&]|[^\W\d_]")
"""Characters without which a text can't hold a second number; a quick check that settles most texts."""
ENDINGS = re.compile(r"(.*?[0-9])((?:\s*/\s*-?[0-9]{1,4})+)\s*")
"""A number followed by alternative endings after slashes: ``030 1234567 / 68``."""
TWO_NUMBERS = re.compile(r"(.*[0-9])\s*/\s*((?:\+|0[1-9]|00|\().*)")
FEWEST_DIGITS = 7
"""Minimum digits of a complete number before a slash; fewer are an area code."""
FEWEST_BEFORE = 5
"""Minimum digits of a number before an alternative ending."""
FEWEST_OF_EACH = 6

MAY_BE_SPOILT = re.compile("[=.,eE]")
ROUNDED = re.compile(r"\+?([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
AS_FRACTION = re.compile(r"(\+?[0-9]{6,15})[.,]0+")
AS_FORMULA = re.compile(r'=\s*"([^"]*)"')


def numbers_in(text: str) -> list[str]:
    """Returns the separate numbers in a text; the text as it is if it holds only one, or none."""
    if not MAY_BE_SEVERAL.search(text):
        return [text]
    pieces = BETWEEN.split(text.strip())
    if len(pieces) > 1 and not all(map(NUMBER.fullmatch, pieces)):
        pieces = [text]
    return [number for piece in pieces for number in _at_slashes(piece)]


def unspoilt(text: str) -> str:
    """Returns a number that a spreadsheet wrote as a fraction, formula or power of ten; "" if its digits are lost."""
    if not MAY_BE_SPOILT.search(text):
        return text
    if found := AS_FORMULA.fullmatch(text):
        return found[1]
    if found := AS_FRACTION.fullmatch(text):
        return found[1]
    if found := ROUNDED.fullmatch(text):
        digits, exponent = found[1] + (found[2] or ""), int(found[3])
        return digits if len(digits) == exponent + 1 else ""
    return text


def _at_slashes(text: str) -> list[str]:
    if found := ENDINGS.fullmatch(text):
        endings = re.findall(r"[0-9]+", found[2])
        if _digits(found[1]) >= max(FEWEST_DIGITS, max(map(len, endings)) + FEWEST_BEFORE):
            return [found[1], *(_with_ending(found[1], ending) for ending in endings)]
    found = TWO_NUMBERS.fullmatch(text)
    if found and min(_digits(found[1]), _digits(found[2])) >= FEWEST_OF_EACH:
        return [*_at_slashes(found[1]), found[2]]
    return [text]


def _with_ending(number: str, ending: str) -> str:
    """Returns a number with its last digits replaced by an ending of the same length; blanks in these are dropped."""
    left, end = len(ending), len(number)
    while left:
        end -= 1
        left -= number[end].isdigit()
    return number[:end] + ending


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
