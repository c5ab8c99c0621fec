"""Two contacts that are one person put together, field by field and with all their history, and parted again."""

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
