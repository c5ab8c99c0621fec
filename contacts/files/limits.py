"""Limits on the size and contents of a file. Each has a message that tells the member what to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Entry, UnreadableFileError

MEBIBYTE = 1024 * 1024

MAX_FILE_BYTES = 64 * MEBIBYTE
MAX_UNPACKED_BYTES = 128 * MEBIBYTE
MAX_JSON_BYTES = 32 * MEBIBYTE
MAX_ENTRIES = 100_000
MAX_PHOTO_BYTES = 5 * MEBIBYTE

# Per card, so that a damaged or hostile file cannot create a contact with a hundred thousand addresses.
MAX_VALUES = 200
MAX_EXTRA_CHARACTERS = 512 * 1024
MAX_LOSSES = 50


FILE_TOO_LARGE = format_lazy(
    _("The file is larger than {limit} MB. Export your contacts in several parts, or without pictures."),
    limit=MAX_FILE_BYTES // MEBIBYTE,
)


def check_file_size(size: int) -> None:
    """Raises ``UnreadableFileError`` if a file of ``size`` bytes is too large."""
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(FILE_TOO_LARGE)


def limited(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Yields the entries. Raises ``UnreadableFileError`` at the first one beyond the limit."""
    for number, entry in enumerate(entries, start=1):
        if number > MAX_ENTRIES:
            raise UnreadableFileError(
                format_lazy(
                    _("The file holds more than {limit} entries. Split it into smaller files and import them in turn."),
                    limit=MAX_ENTRIES,
                )
            )
        yield entry
