"""Merging two contacts that are one person, field by field and with their whole history, and undoing it."""

from contacts.merging.fields import GROUPS, PICTURE, Choice, Comparison, compare
from contacts.merging.merges import NotLastMergeError, merge, merge_all, undo, undo_batch

__all__ = [
    "GROUPS",
    "PICTURE",
    "Choice",
    "Comparison",
    "NotLastMergeError",
    "compare",
    "merge",
    "merge_all",
    "undo",
    "undo_batch",
]
