"""Text as it is kept: without what cannot be stored or could disguise what is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts.files.encoding import clean


def cleaned(text: str) -> str:
    """The text without NUL and other control characters, lone surrogates and direction overrides, stripped."""
    return clean(text).strip()


def one_line(text: str) -> str:
    """The cleaned text with every run of blanks and line ends as a single blank."""
    # Most texts are so already, and an import asks for each of them more than once. Only printable blanks are " ".
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(cleaned(text).split())


def cleaned_fields(fields: Mapping[str, Any], *, multiline: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a model with their texts cleaned: to one line, but for those named in `multiline`."""
    return {
        name: (cleaned(value) if name in multiline else one_line(value)) if isinstance(value, str) else value
        for name, value in fields.items()
    }
