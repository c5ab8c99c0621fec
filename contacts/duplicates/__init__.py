"""Contacts that may be the same person: finding them, explaining the evidence, and recording the member's decisions."""

from contacts.duplicates.pairs import (
    ASKED_AGAIN_AFTER,
    call_distinct,
    find,
    open_pairs,
    propose,
    put_off,
    refresh,
    reopen,
)
from contacts.duplicates.records import Evidence, Proposal
from contacts.duplicates.wording import in_words

__all__ = [
    "ASKED_AGAIN_AFTER",
    "Evidence",
    "Proposal",
    "call_distinct",
    "find",
    "in_words",
    "open_pairs",
    "propose",
    "put_off",
    "refresh",
    "reopen",
]
