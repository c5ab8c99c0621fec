"""The lines of a vCard file: unfolding them, and splitting properties into head (group, name, parameters) and value.

Parsing is forgiving: a line that cannot be a property belongs to the one before it, blank lines are ignored, and
``BEGIN:VCARD`` and ``END:VCARD`` are never part of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from contacts.files import encoding, limits
from contacts.files.vcard.folding import (
    BLANKS,
    NEXT_MARKER,
    WITHOUT_COLON,
    fold_width,
    is_marker,
    unfolded,
    with_whole_heads,
)
from contacts.text import clean

NAME = re.compile(r"[A-Za-z0-9_/-]{1,80}|X-[A-Z0-9 _/-]{1,80}")
COMMA_AFTER_NAME = re.compile(r"^([A-Za-z.-]+),(?=[A-Za-z]+=)")
LONGEST_CACHED_HEAD = 200
LONGEST_HEAD = 4_000
MOST_PARAMETERS = 100
MOST_PIECES = 200_000
"""Maximum lines that a property may be folded into, enough for the largest picture."""

ENCODINGS = dict.fromkeys(("QUOTED-PRINTABLE", "QUOTED_PRINTABLE", "QP", "Q"), "quoted-printable")
ENCODINGS |= dict.fromkeys(("BASE64", "B"), "base64")
LINE_ENDS = ("=0A", "=0D")
PLAIN_ENCODINGS = ("8BIT", "7BIT")

RUNNING_TEXT = ("NOTE", "LABEL", "ADR", "X-")
"""Prefixes of the names of properties whose text some programs write with unescaped line ends."""


@dataclass(frozen=True, slots=True)
class Head:
    """The part before the colon. ``types`` are the TYPE parameters and 2.1's bare ones, in lower case and in order."""

    text: str
    name: str
    group: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    encoding: str = ""
    charset: str = ""

    @property
    def is_preferred(self) -> bool:
        return "pref" in self.types or self.parameters.get("PREF") == "1"

    @property
    def resolved(self) -> str:
        """The head as text, without the parameters on the value's encoding."""
        if not self.charset and self.encoding != "quoted-printable" and "CHARSET" not in self.parameters:
            return encoding.repaired(self.text)
        kept = [piece for piece in split_quoted(self.text, ";") if not _tells_text_encoding(piece)]
        return encoding.repaired(";".join(kept))


STRAY = Head("", "")
"""The head of a line that is not part of any property."""


@dataclass(slots=True)
class Property:
    """A property with its raw value: unfolded, but not unescaped or decoded."""

    head: Head
    value: str
    fallback: str = ""
    """The character set of a value that is not in UTF-8 and whose head declares none."""
    is_cut: bool = False
    """Whether only the beginning of the value was read."""

    def text(self) -> str:
        """Returns the whole value as unescaped text."""
        return unescaped(self.decoded(self.value))

    def decoded(self, piece: str) -> str:
        """Returns a piece of the value, decoded from quoted-printable or base64 and its character set."""
        head = self.head
        if not head.encoding:
            return encoding.repaired(piece, head.charset, self.fallback)
        if head.encoding == "base64":
            return encoding.from_base64(piece, head.charset, self.fallback)
        return encoding.from_quoted_printable(piece, head.charset, self.fallback)

    def components(self, separator: str = ";") -> list[str]:
        """Returns the parts of a structured value, each decoded but still escaped.

        Quoted-printable is decoded after splitting, because an encoded separator does not separate; other values are
        decoded before it, because half of a multi-byte character may look like a separator.
        """
        head = self.head
        if head.encoding == "quoted-printable":
            pieces = self.value.split(separator) if _is_multibyte(head) else split_escaped(self.value, separator)
            return [self.decoded(piece) for piece in pieces]
        return split_escaped(self.decoded(self.value), separator)

    def line(self) -> str:
        """Returns the property as one line of text, to be kept and written again."""
        value = "".join(self.value.split()) if self.head.encoding == "base64" else self.decoded(self.value)
        return clean(f"{self.head.resolved}:{value}").replace("\n", "\\n")


class Properties:
    """The properties of a file of UTF-8 bytes, including ``BEGIN`` and ``END``; iterate once.

    Texts that are not in UTF-8 and declare no character set are read in one that others declare, or else in
    ``fallback``.
    """

    def __init__(self, data: bytes, fallback: str = "") -> None:
        self._fold = fold_width(data)
        self._lines = encoding.Lines(data)
        self._assembler = Assembler(self._fold, encoding.declared_charset(data) or fallback)

    def skip_card(self) -> None:
        """Skips the remaining lines of the current card."""
        self._lines.skip_to(NEXT_MARKER)

    def __iter__(self) -> Iterator[Property]:
        assembler = self._assembler
        for line in with_whole_heads(self._lines, self._fold):
            if (complete := assembler.take(line)) is not None:
                yield complete
            elif assembler.is_full:
                self.skip_card()
        if (last := assembler.close()) is not None:
            yield last


class Assembler:
    """Assembles properties from physical lines."""

    def __init__(self, fold: int, fallback: str) -> None:
        self.fold = fold
        self.fallback = fallback
        self.indent = ""
        self.head: Head | None = None
        self.pieces: list[str] = []
        self.length = 0
        self.soft_break = False
        self.open_base64 = False

    @property
    def is_full(self) -> bool:
        """Whether the current value is already longer than any that can be kept."""
        return self.length > limits.LONGEST_LINE or len(self.pieces) > MOST_PIECES

    def take(self, line: str) -> Property | None:
        if self.indent and line.startswith(self.indent):
            line = line[len(self.indent) :]
        if not line or line.isspace():
            self.open_base64 = self.soft_break = False
            return None
        if line[0] in BLANKS:
            if not self._starts_indented(line):
                self._continue(line)
                return None
            line = line.lstrip(BLANKS)
        elif self.soft_break and not is_marker(line):
            self._append(line)
            return None
        elif self.indent and is_marker(line):
            self.indent = ""
        return self._start(line)

    def close(self) -> Property | None:
        """Returns the current property, complete or not; None if there is none."""
        head, self.head = self.head, None
        if head is None:
            return None
        is_cut = self.is_full
        if len(self.pieces) == 1:
            value = self.pieces[0]
        else:
            value = _softly_joined(self.pieces) if head.encoding == "quoted-printable" else "".join(self.pieces)
        if len(value) > limits.LONGEST_VALUE and head.name != "PHOTO":
            value, is_cut = value[: limits.LONGEST_VALUE], True
        return Property(head, value, self.fallback, is_cut)

    def _starts_indented(self, line: str) -> bool:
        """Returns whether a line with leading blanks begins a property, as in a card that is indented as a whole."""
        if self._holds_card():
            return False
        if not is_marker(line) and (self.head is None or self.head.name not in ("BEGIN", "END")):
            return False
        self.indent = line[: len(line) - len(line.lstrip(BLANKS))]
        return True

    def _continue(self, line: str) -> None:
        if self._holds_card():
            self._add("\n" + line[1:])
        elif self.head is not None:
            self._append(line if self.soft_break else unfolded(line, self.fold))

    def _holds_card(self) -> bool:
        """Returns whether the current value is a card of its own, with each line indented."""
        return self.head is not None and self.head.name == "AGENT" and is_marker(self.pieces[0])

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def _append(self, piece: str) -> None:
        self._add(piece)
        self.soft_break = self._breaks_softly(piece)

    def _breaks_softly(self, piece: str) -> bool:
        return self.head is not None and self.head.encoding == "quoted-printable" and piece.rstrip(BLANKS).endswith("=")

    def _start(self, line: str) -> Property | None:
        line = line.lstrip("\ufeff")
        split = split_head(line)
        if split is None:
            return self._take_stray(line)
        complete = self.close()
        self.head, value = split
        self.pieces, self.length = [value], len(value)
        self.soft_break = self._breaks_softly(value)
        self.open_base64 = self.head.encoding == "base64"
        return complete

    def _take_stray(self, line: str) -> Property | None:
        """Appends a line that is not a property to the previous one, if it can be the rest of its text."""
        if line[0] == "#":
            return None
        if self.head is not None and self.open_base64:
            self._add(line)
        elif self._breaks_softly(self.pieces[-1] if self.pieces else ""):
            self._append(line)
        elif self.head is not None and self.head.name.startswith(RUNNING_TEXT):
            self._add("\n" + line)
        else:
            complete = self.close()
            self.head, self.pieces, self.length = STRAY, [line], len(line)
            return complete
        return None


def split_head(line: str) -> tuple[Head, str] | None:
    """Returns the head and value of a line, split at the colon between them; None if the line cannot be a property."""
    text, colon, value = line.partition(":")
    if '"' in text and text.count('"') % 2:
        position = _unquoted_colon(line[:LONGEST_HEAD])
        text, colon, value = (line[:position], ":", line[position + 1 :]) if position > 0 else (line, "", "")
    if len(text) > LONGEST_HEAD:
        return None
    if not colon:
        return _without_colon(line)
    head = cached_head(text) if len(text) <= LONGEST_CACHED_HEAD else parsed_head(text)
    return None if head is None else (head, value)


def parsed_head(text: str) -> Head | None:
    """Returns the group, name and parameters of a head, or None if its name is invalid."""
    first, *pieces = split_quoted(COMMA_AFTER_NAME.sub(r"\1;", text.strip()), ";")
    group, _, name = first.strip().rpartition(".")
    name = name.strip()
    if len(pieces) > MOST_PARAMETERS or not NAME.fullmatch(name) or not NAME.fullmatch(group.replace(".", "-") or name):
        return None
    parameters: dict[str, str] = {}
    types: list[str] = []
    transfer = ""
    for piece in pieces:
        key, equals, value = (part.strip() for part in piece.partition("="))
        key = key.upper()
        if (not equals and key in ENCODINGS) or key == "ENCODING":
            transfer = ENCODINGS.get(value.strip('"').upper() if equals else key, transfer)
        elif key == "TYPE":
            types += [plain_type(kind.strip(' "')) for kind in split_quoted(value.replace('"', ""), ",")]
        elif equals and value:
            parameters[key] = encoding.repaired(value.strip('"'))
        elif key not in PLAIN_ENCODINGS:
            types.append(plain_type(piece.strip("= ")))
    return Head(
        text=text.strip(),
        name=name.upper(),
        group=group.lower(),
        parameters=parameters,
        types=tuple(encoding.repaired(kind) for kind in types if kind),
        encoding=transfer,
        charset=encoding.known_charset(parameters.get("CHARSET", "")),
    )


def plain_type(kind: str) -> str:
    """Returns a type in lower case, without a redundant ``type=``; a custom type (``X-Verein``) keeps its case."""
    kind = kind[5:] if kind[:5].lower() == "type=" else kind
    return kind if kind[:2] in ("X-", "x-") else kind.lower()


cached_head = lru_cache(maxsize=2048)(parsed_head)


def split_quoted(text: str, separator: str) -> list[str]:
    """Returns the text split at separators outside double quotes; an unclosed quote is ignored."""
    if '"' not in text:
        return text.split(separator)
    pieces: list[str] = []
    held: list[str] = []
    quoted = False
    for piece in text.split(separator):
        held.append(piece)
        quoted ^= piece.count('"') % 2 == 1
        if not quoted:
            pieces.append(separator.join(held))
            held = []
    return pieces + held


def split_escaped(text: str, separator: str) -> list[str]:
    """Returns the text split at unescaped separators: those after an even number of backslashes."""
    if "\\" not in text:
        return text.split(separator)
    pieces: list[str] = []
    held: list[str] = []
    for piece in text.split(separator):
        held.append(piece)
        if (len(piece) - len(piece.rstrip("\\"))) % 2 == 0:
            pieces.append(separator.join(held))
            held = []
    if held:
        pieces.append(separator.join(held))
    return pieces


ESCAPE = re.compile(r"\\([\\,;:nN\"'\n])")


def unescaped(text: str) -> str:
    """Returns a text value without its escapes; a backslash before any other character is literal."""
    if "\\" not in text:
        return text
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _unquoted_colon(line: str) -> int:
    """Returns the index of the first colon outside double quotes, else of the first colon, or -1."""
    quoted = False
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return position
    return line.find(":")


def _without_colon(line: str) -> tuple[Head, str] | None:
    """Returns the head and value of a line that begins with a known name but lacks the colon."""
    name, *pieces = line.strip().split(";")
    name, _blank, value = name.partition(" ")
    if name not in WITHOUT_COLON:
        return None
    while pieces and "=" in pieces[0]:
        name = f"{name};{pieces.pop(0)}"
    head = parsed_head(name)
    return None if head is None else (head, ";".join([value, *pieces] if value else pieces))


def _softly_joined(pieces: list[str]) -> str:
    """Returns the lines of a quoted-printable value joined, without soft breaks.

    A blank at the beginning of a line is text, unless all lines begin with one: then the value was folded as well. A
    single line proves that only at the beginning of a paragraph.
    """
    first, *rest = (_without_soft_break(piece) for piece in pieces)
    is_proof = len(rest) > 1 or first[-3:].upper() in LINE_ENDS
    if is_proof and all(piece[:1] in BLANKS for piece in rest):
        rest = [piece[1:] for piece in rest]
    return first + "".join(rest)


def _without_soft_break(piece: str) -> str:
    stripped = piece.rstrip(BLANKS)
    return stripped[:-1] if stripped.endswith("=") else piece


def _is_multibyte(head: Head) -> bool:
    return head.charset in encoding.MULTIBYTE_CHARSETS


def _tells_text_encoding(piece: str) -> bool:
    key, equals, value = (part.strip().upper() for part in piece.partition("="))
    return key == "CHARSET" or ENCODINGS.get(value if equals and key == "ENCODING" else key) == "quoted-printable"
