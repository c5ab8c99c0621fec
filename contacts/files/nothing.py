"""Contents of files that mean nothing: placeholders for empty values, and groups that programs made by themselves."""

from __future__ import annotations

SYSTEM_CIRCLES = frozenset(
    (
        *("mycontacts", "my contacts", "system group: my contacts", "meine kontakte", "starred", "markiert"),
        *("starred in android", "system group: starred in android", "all contacts", "alle kontakte", "unfiled"),
        *("other contacts", "weitere kontakte", "uncategorized", "uncategorised", "ohne kategorie", "not categorized"),
    )
)
"""Groups that programs put people into without being asked."""
NOTHING = frozenset(
    (
        *("n/a", "#n/a", "#nv", "#ref!", "#value!", "#wert!", "n.a.", "n. a.", "k.a.", "k. a.", "k.a", "nan"),
        *("nat", "\\n"),
        *("keine angabe", "keine angaben", "nicht angegeben", "not specified", "unspecified", "not available"),
        *("(none)", "(null)", "(leer)", "(blank)", "(empty)", "<null>", "<none>", "[none]", "undefined"),
        *("-", "--", "---", "–", "—", "./.", "?", "??", "."),
    )
)
"""Placeholders for empty values, in lower case. ``Null`` is also a name, and ``none`` a word, so they are left out."""
LONGEST = 20
"""Maximum characters, including blanks, of a text that is compared with these."""


def is_nothing(text: str) -> bool:
    """Returns whether a text is a placeholder for an empty value, such as "n/a"."""
    return len(text) <= LONGEST and (text.strip().lower() in NOTHING or text.strip() == "NULL")
