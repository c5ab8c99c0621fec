"""Reading a large JSON object member by member, decoding no more of the file at a time than one record needs."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

BLANKS = re.compile(r"[ \t\r\n]*")
AFTER_A_VALUE = tuple(" \t\r\n,:]}")
PIECE = 1 << 20
"""Bytes that are decoded at a time."""
LONGEST = 2 * PIECE
"""Characters of the longest record; one that does not end by then is damaged. Its values may take 25 times as much."""


class DamagedJsonError(Exception):
    """The file is not valid JSON from the character `position` on, counted from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def members(data: bytes) -> Iterator[tuple[str, Any]]:
    """Yields the members of a JSON object in UTF-8; for a list, each element by itself under the member's name.

    Raises DamagedJsonError where the object is not valid.
    """
    text = _Text(data)
    try:
        text.take("{")
        while not text.is_at("}"):
            name = str(text.value())
            text.take(":")
            if text.is_at("["):
                text.take("[")
                while not text.is_at("]"):
                    yield name, text.value()
                    text.end_item("]")
                text.take("]")
            else:
                yield name, text.value()
            text.end_item("}")
    except (ValueError, RecursionError):
        raise DamagedJsonError(text.passed + text.position) from None


class _Text:
    """The part of a file's text that is decoded but not yet consumed; all methods raise ValueError for invalid JSON."""

    def __init__(self, data: bytes) -> None:
        self.passed = self.position = 0
        self._data = memoryview(data)
        self._text = ""
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._values = json.JSONDecoder()

    def is_at(self, character: str) -> bool:
        """Skips whitespace, then returns whether this character is next."""
        while True:
            self.position = BLANKS.match(self._text, self.position).end()  # type: ignore[union-attr]
            if self.position < len(self._text):
                return self._text[self.position] == character
            self._read_on()

    def take(self, character: str) -> None:
        """Skips whitespace, then consumes this character."""
        if not self.is_at(character):
            raise ValueError
        self.position += 1

    def end_item(self, end: str) -> None:
        """Consumes a comma, unless the end of the list or object is next."""
        if not self.is_at(end):
            self.take(",")

    def value(self) -> Any:
        """Consumes and returns any value."""
        self.is_at("")
        while True:
            try:
                value, end = self._values.raw_decode(self._text, self.position)
            except ValueError:
                self._read_on()
                continue
            if self._data and self._text[end : end + 1] not in AFTER_A_VALUE:
                self._read_on()  # A number may continue in the next piece.
                continue
            self.position = end
            return value

    def _read_on(self) -> None:
        """Drops the consumed text and doubles the rest, so that a long record is parsed only a few times."""
        self.passed += self.position
        self._text, self.position = self._text[self.position :], 0
        if not self._data or len(self._text) >= LONGEST:
            raise ValueError
        size = max(PIECE, len(self._text))
        self._text += self._decode(self._data[:size], final=size >= len(self._data))
        self._data = self._data[size:]
