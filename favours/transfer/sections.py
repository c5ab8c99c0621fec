"""The sections of netcrm's own export that hold help, tips and weekly rounds, with the fields of their records."""

from __future__ import annotations

from contacts.files.own.fields import (
    ANYTHING,
    DAY,
    FLAG,
    ID,
    INSTANT,
    NUMBER,
    PEOPLE,
    REFERENCE,
    UUID,
    WORD,
    Fields,
    records,
)
from favours.suggestions.signals import RESTS_ON

FAVOUR: Fields = {
    "id": ID,
    "direction": WORD,
    "kind": WORD,
    "day": DAY,
    "place": WORD,
    "note": WORD,
    "contacts": PEOPLE,
    "client_key": UUID,
    "created_at": INSTANT,
    "deleted_at": INSTANT,
}

PASSED_ON: Fields = {"favour": WORD, "received": WORD}

TIP: Fields = {
    "id": ID,
    "text": WORD,
    "kept_on": DAY,
    "used_on": DAY,
    "favour": REFERENCE,
    "created_at": INSTANT,
}

KEYS = {"topic": "line", "other_topic": "other_line"}
"""The format's names for the topics that a signal is based on."""

SIGNAL: Fields = {
    "kind": WORD,
    "points": NUMBER,
    "is_strong": FLAG,
    "day": DAY,
    "implied": WORD,
    "sentence": WORD,
    **{KEYS.get(name, name): REFERENCE.of(name) for name in RESTS_ON},
}

SUGGESTION: Fields = {
    "id": ID,
    "contact": REFERENCE,
    "position": NUMBER,
    "score": NUMBER,
    "state": WORD,
    "later_until": DAY,
    "asked_at": INSTANT,
    "signals": records(SIGNAL).of("reasons"),
}

ROUND: Fields = {
    "id": ID,
    "year": ANYTHING,
    "week": ANYTHING,
    "day": DAY,
    "made_at": INSTANT,
    "created_at": INSTANT,
    "question": REFERENCE,
    "suggestions": records(SUGGESTION),
}
