"""Labels that distinguish somebody's phone numbers, addresses and the like, such as "home" and "work"."""

from __future__ import annotations

import re

from contacts.cards import LENGTHS

NOISE = frozenset(
    (
        *("voice", "pref", "internet", "x400", "msg", "text", "dom", "intl", "postal", "parcel", "other", "iphone"),
        *("uri", "email", "e-mail"),
    )
)
"""Types that do not distinguish one number or address from another."""

STANDARD = frozenset(
    (
        *("home", "work", "mobile", "fax", "pager", "main", "school", "car", "video", "isdn", "homepage"),
        *("profile", "blog"),
        *("spouse", "child", "mother", "father", "parent", "brother", "sister", "friend", "relative", "partner"),
        *("manager", "assistant"),
    )
)
"""Labels that mean the same in upper and lower case; all others are the member's own and keep their case."""

SYNONYMS = {
    "cell": "mobile",
    "telefax": "fax",
    "homefax": "home fax",
    "workfax": "work fax",
    "otherfax": "fax",
    "faxhome": "home fax",
    "faxwork": "work fax",
    "home page": "homepage",
    "main-number": "main",
}

SEPARATOR = ", "
"""Separator between several labels of one number or address."""

APPLE = re.compile(r"_\$!<(.{0,80}?)>!\$_")


def from_types(types: tuple[str, ...]) -> str:
    """Returns one label for a property's types: standard ones as plain words, in the file's order."""
    words: list[str] = []
    for kind in types:
        word = SYNONYMS.get(kind, kind[2:] if kind[:2] in ("X-", "x-") else kind)
        if word[-1:].isdecimal() and word.rstrip("0123456789") in STANDARD:
            word = word.rstrip("0123456789")
        if word.lower() not in NOISE and word not in words:
            words.append(word)
    return " ".join(words)


def joined(one: str, other: str) -> str:
    """Returns both labels of a number or address that a file has twice, each once; if too long, only some of them."""
    labels = [label for label in (*one.split(SEPARATOR), other) if label]
    text = SEPARATOR.join(dict.fromkeys(labels))
    return text if len(text) <= LENGTHS["label"] else one


def plain(text: str) -> str:
    """Returns a label as netcrm stores it: standard ones (also ``_$!<Mobile>!$_``) in lower case, others unchanged."""
    text = text.strip().removeprefix("* ")
    found = APPLE.fullmatch(text)
    text = found[1] if found else text
    word = text.lower()
    word = SYNONYMS.get(word, word)
    if word in NOISE:
        return ""
    return word if found or all(piece in STANDARD for piece in word.split()) else text[: LENGTHS["label"]].rstrip()
