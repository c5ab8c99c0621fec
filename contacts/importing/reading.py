"""Reading a file of contacts, whatever its format.

``read(data, filename, mapping)`` looks at the bytes (never at the name's ending), picks the reader and answers a
``Reading``. Iterating over it parses lazily and yields ``Card``, ``Group`` and ``Skipped``; each iteration parses anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from contacts.importing.card import Entry, Text


@dataclass(frozen=True)
class Table:
    """What a mapping page needs to know of a CSV file.

    ``mapping`` is column number (from 0) -> field key, for the columns that are taken; a key is one of
    ``contacts.importing.fields.ASSIGNABLE``. ``is_guessed`` is true for a header that no preset knows.
    """

    header: tuple[str, ...]
    mapping: Mapping[int, str]
    samples: tuple[tuple[str, ...], ...]
    is_guessed: bool


@dataclass(frozen=True)
class Reading:
    """A file that has been recognised.

    ``format`` is one of ``vcard``, ``google``, ``linkedin``, ``outlook``, ``outlook.com``, ``thunderbird``,
    ``windows-live-mail``, ``monica``, ``table``. ``notices`` concern the file as a whole (what it holds that is left out).
    Iterating raises ``UnreadableFile`` where a limit is passed.
    """

    format: str
    entries: Callable[[], Iterator[Entry]]
    table: Table | None = None
    notices: tuple[Text, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return self.entries()
