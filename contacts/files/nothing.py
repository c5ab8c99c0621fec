"""What files hold where there is nothing: placeholders for empty values, and groups that nobody has made."""

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
        *(
            "n/a",
            "#n/a",
            "#nv",
            "#ref!",
            "#value!",
            "#wert!",
            "n.a.",
            "n. a.",
            "k.a.",
            "k. a.",
            "k.a",
            "nan",
            "nat",
            "\\n",
        ),
        *("keine angabe", "keine angaben", "nicht angegeben", "not specified", "unspecified", "not available"),
        *("(none)", "(null)", "(leer)", "(blank)", "(empty)", "<null>", "<none>", "[none]", "undefined"),
        *("-", "--", "---", "–", "—", "./.", "?", "??", "."),
    )
)
"""What people and programs write where there is nothing, in lower case (``Null`` is a name, and ``none`` a word)."""
LONGEST = 20
"""Characters, blanks included, of the longest text that is compared with these."""


def is_nothing(text: str) -> bool:
    """Tells whether a text stands for nothing, such as "n/a"."""
    return len(text) <= LONGEST and (text.strip().lower() in NOTHING or text.strip() == "NULL")
