"""The words that say which of somebody's numbers or addresses this is."""

from __future__ import annotations

import re

NOISE = frozenset("voice pref internet x400 msg text dom intl postal parcel other iphone uri x-iphone".split())
"""Types that do not tell one number or address from another."""

SYNONYMS = {
    "cell": "mobile",
    "telefax": "fax",
    "homefax": "home fax",
    "workfax": "work fax",
    "otherfax": "fax",
    "faxhome": "home fax",
    "faxwork": "work fax",
    "homepage": "homepage",
}

APPLE = re.compile(r"_\$!<(.{0,80}?)>!\$_")


def from_types(types: tuple[str, ...]) -> str:
    """One label from a property's types, standard ones as plain words, in the file's order."""
    words = []
    for kind in types:
        word = SYNONYMS.get(kind, kind.removeprefix("x-"))
        if kind not in NOISE and word not in words:
            words.append(word)
    return " ".join(words)


def from_apple(text: str) -> str:
    """The label of ``X-ABLabel``: a standard one (``_$!<Mobile>!$_``) as a plain word, the owner's own as it is."""
    found = APPLE.fullmatch(text.strip())
    if found is None:
        return text.strip()
    word = found[1].lower()
    return "" if word in NOISE else SYNONYMS.get(word, word)
