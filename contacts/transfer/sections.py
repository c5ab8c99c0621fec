"""The sections of netcrm's own export for circles, conversations, topics and the like, with their records' fields."""

from __future__ import annotations

from contacts.files.own.fields import (
    ANYTHING,
    DAY,
    FLAG,
    ID,
    INSTANT,
    LINE,
    PEOPLE,
    PICTURE,
    REFERENCE,
    TEXT,
    TEXTS,
    UUID,
    WORD,
    Fields,
)

CIRCLE: Fields = {"name": WORD}

SOURCE: Fields = {"format": WORD, "key": WORD, "contact": REFERENCE, "known_values": TEXTS}

CONVERSATION: Fields = {
    "id": ID,
    "day": DAY,
    "place": LINE,
    "note": TEXT,
    "is_news": FLAG,
    "contacts": PEOPLE,
    "client_key": UUID,
    "created_at": INSTANT,
    "deleted_at": INSTANT,
}

TOPIC: Fields = {
    "id": ID,
    "contact": REFERENCE,
    "conversation": REFERENCE,
    "kind": WORD,
    "text": LINE,
    "noted_on": DAY,
    "renewed_on": DAY,
    "closed_on": DAY,
    "created_at": INSTANT,
    "deleted_at": INSTANT,
}

RELATION: Fields = {
    "id": ID,
    "contact": REFERENCE,
    "label": LINE,
    "other": REFERENCE,
    "name": LINE,
    "card_uid": WORD,
    "created_at": INSTANT,
}

DECISION: Fields = {"two_people": TEXTS}

REMINDER: Fields = {
    "id": ID,
    "contact": REFERENCE,
    "kind": WORD,
    "text": LINE,
    "due_on": DAY,
    "returns_on": DAY,
    "rhythm_days": ANYTHING,
    "due_before": DAY,
    "ended_at": INSTANT,
    "created_at": INSTANT,
}

PHOTO: Fields = {
    "id": ID,
    "contact": REFERENCE,
    "media_type": WORD,
    "content": PICTURE,
    "created_at": INSTANT,
}
