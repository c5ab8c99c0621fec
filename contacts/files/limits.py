"""Limits on the size and contents of a file. Each has a message that tells the member what to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Entry, UnreadableFileError

MEBIBYTE = 1024 * 1024

# For one file. Whatever it holds, reading it takes at most five seconds of processor time and 300 MB.
MAX_FILE_BYTES = 64 * MEBIBYTE
MAX_UNPACKED_BYTES = 64 * MEBIBYTE
MAX_JSON_BYTES = 32 * MEBIBYTE
SMALL_BYTES = 500_000
"""Bytes of the largest file, unpacked, that is parsed while the member waits."""
MAX_ENTRIES = 25_000
MAX_LINES = 2_000_000
MAX_VALUES_IN_ALL = 600_000
"""Maximum properties or filled cells of a file; one that holds several values counts several times."""
MAX_PHOTO_BYTES = 5 * MEBIBYTE

# Per card, so that a damaged or hostile file cannot create a contact with a hundred thousand addresses.
MAX_VALUES = 200
MAX_EXTRA_CHARACTERS = 512 * 1024
MAX_LOSSES = 50
LONGEST_LINE = 8 * MEBIBYTE
"""Maximum bytes of a line, enough for a picture; the rest of a longer one is skipped."""
LONGEST_VALUE = MEBIBYTE
"""Maximum characters of a value other than a picture, before it is decoded."""


FILE_TOO_LARGE = format_lazy(
    _("The file is larger than {limit} MB. Export your contacts in several parts, or without pictures."),
    limit=MAX_FILE_BYTES // MEBIBYTE,
)


def check_file_size(size: int) -> None:
    """Raises ``UnreadableFileError`` if a file of ``size`` bytes is too large."""
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(FILE_TOO_LARGE)


class Budget:
    """The values that may still be read of a file."""

    def __init__(self) -> None:
        self._left = MAX_VALUES_IN_ALL

    def spend(self, values: int = 1) -> None:
        """Counts values. Raises ``UnreadableFileError`` once they are too many."""
        self._left -= values
        if self._left < 0:
            raise UnreadableFileError(
                format_lazy(
                    _("The file holds more than {limit} values. Split it into smaller files and import them in turn."),
                    limit=MAX_VALUES_IN_ALL,
                )
            )


def check_lines(number: int) -> None:
    """Raises ``UnreadableFileError`` if a file has too many lines; ``number`` are those read so far."""
    if number > MAX_LINES:
        raise UnreadableFileError(
            format_lazy(
                _("The file has more than {limit} lines. Split it into smaller files and import them in turn."),
                limit=MAX_LINES,
            )
        )


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
