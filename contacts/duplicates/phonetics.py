"""A phonetic code for names as they sound in German."""

from __future__ import annotations

import re
from functools import lru_cache

ANYWHERE = {
    **dict.fromkeys("aeijouy", "0"),
    "b": "1",
    "p": "1",
    **dict.fromkeys("dt", "2"),
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"),
    "l": "5",
    **dict.fromkeys("mn", "6"),
    "r": "7",
    **dict.fromkeys("sz", "8"),
}
REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def cologne_code(word: str) -> str:
    """Return the phonetic code of a folded word, the same for words that sound alike in German ("meier", "mayr").

    Kölner Phonetik: H. J. Postel, "Die Kölner Phonetik", IBM-Nachrichten 19 (1969), 925-931. It works for English names
    as well as Soundex does, apart from a few silent letters.
    """
    letters = [letter for letter in word if "a" <= letter <= "z"]
    codes = "".join(_codes(letters))
    codes = REPEATED.sub(r"\1", codes)
    return codes[:1] + codes[1:].replace("0", "")


def _codes(letters: list[str]) -> list[str]:
    codes = []
    for place, letter in enumerate(letters):
        before = letters[place - 1] if place else ""
        after = letters[place + 1] if place + 1 < len(letters) else ""
        if letter == "h":
            continue
        if letter == "p" and after == "h":
            codes.append("3")
        elif letter in "dt" and after in ("c", "s", "z"):
            codes.append("8")
        elif letter == "x":
            codes.append("8" if before in ("c", "k", "q") else "48")
        elif letter == "c":
            codes.append(_code_of_c(before, after, is_first=not place))
        else:
            codes.append(ANYWHERE[letter])
    return codes


def _code_of_c(before: str, after: str, *, is_first: bool) -> str:
    if is_first:
        return "4" if after and after in "ahkloqrux" else "8"
    return "4" if before not in ("s", "z") and after and after in "ahkoqux" else "8"
