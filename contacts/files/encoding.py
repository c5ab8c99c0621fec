"""Decoding files whose declared encodings cannot be trusted.

The whole file becomes UTF-8 bytes (UTF-16 and UTF-32 are converted at once). These are decoded with surrogate escapes,
so that bytes in another encoding survive in the text until ``repaired`` resolves them, one property or cell at a time:
a card in cp1252 among cards in UTF-8 is read correctly.
"""

from __future__ import annotations

import binascii
import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice

from contacts.files import limits

CHUNK_BYTES = 256 * 1024
SAMPLE_BYTES = 4096

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# In these, a byte that looks like ASCII can be half of a character, and text can be valid UTF-8 by chance.
MULTIBYTE_CHARSETS = frozenset(
    (
        *("shift_jis", "cp932", "shift_jisx0213", "shift_jis_2004", "euc_jp", "iso2022_jp", "gb2312", "gbk"),
        *("gb18030", "hz"),
        *("euc_jis_2004", "euc_jisx0213", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "iso2022_kr", "utf-16"),
        *("utf-16-le", "utf-16-be", "utf-7"),
    )
)
SINGLE_BYTE_CHARSETS = frozenset(
    [f"cp125{number}" for number in range(9)]
    + [f"iso8859-{number}" for number in range(1, 17) if number != 12]
    + ["cp437", "cp850", "cp852", "cp858", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-latin2"]
    + ["mac-cyrillic"]
)

CHARSET = re.compile(rb'CHARSET="?([A-Za-z0-9_-]+)')
MOST_DECLARATIONS = 1_000

LINE_END = re.compile(rb"\r\n?|\n")
FOREIGN_BYTES = {0xDC00 + byte: bytes((byte,)).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
"""The characters of cp1252, keyed by the surrogates that represent their bytes."""
CUT_CHARACTER = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\\Z")


def encoding_of(data: bytes) -> str:
    """Returns Python's name of the Unicode encoding indicated by a byte order mark or zero bytes; else ``utf-8``."""
    marked = (name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark))
    return next(marked, "") or unmarked_utf16(data[:SAMPLE_BYTES]) or "utf-8"


def as_utf8(data: bytes, name: str = "") -> bytes:
    """Returns a file's bytes converted to UTF-8, without a byte order mark; bytes said to be UTF-8 stay as they are.

    ``name`` is the encoding; if empty, it is determined with ``encoding_of``. In a file in a single-byte encoding,
    lines that are valid UTF-8 stay, because they are hardly anything else. Bytes that cannot be read become U+FFFD.
    """
    name = name or encoding_of(data)
    if name in ("utf-8", "utf-8-sig"):
        return data.removeprefix(codecs.BOM_UTF8)
    recoded = io.BytesIO()
    if known_charset(name) in SINGLE_BYTE_CHARSETS:
        for line in io.BytesIO(data):
            recoded.write(_line_as_utf8(line, name))
        return recoded.getvalue()
    decoder = codecs.getincrementaldecoder(name)("replace")
    # Decode piece by piece, because a single emoji makes every character of a text take four bytes.
    for start in range(0, len(data), CHUNK_BYTES):
        piece = decoder.decode(data[start : start + CHUNK_BYTES], final=start + CHUNK_BYTES >= len(data))
        recoded.write(piece.encode("utf-8", "replace"))
    return recoded.getvalue()


def _line_as_utf8(line: bytes, name: str) -> bytes:
    if line.isascii():
        return line
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(name, "replace").encode("utf-8")
    return line


def unmarked_utf16(sample: bytes) -> str:
    """Returns the variant of UTF-16 of a sample, judging by the positions of its zero bytes, or an empty string."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 8
    if odd > enough and odd > 4 * even:
        return "utf-16-le"
    if even > enough and even > 4 * odd:
        return "utf-16-be"
    return ""


class Lines:
    """The lines of UTF-8 bytes without their ends (CR LF, LF or CR), decoded with surrogate escapes; iterate once.

    A line that is too long is cut. Iterating raises ``UnreadableFileError`` where too many lines have been read.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._read = 0
        self._sought: re.Pattern[bytes] | None = None

    def skip_to(self, pattern: re.Pattern[bytes]) -> None:
        """Skips the lines after the current one; ``pattern`` matches a line end and the next line to be read."""
        self._sought = pattern

    def __iter__(self) -> Iterator[str]:
        while (start := self._position) < len(self._data):
            for number, line in enumerate(self._next(), start=1):
                yield line
                if self._sought is not None:
                    self._position = self._found(start, number, self._sought)
                    self._sought = None
                    break

    def _next(self) -> list[str]:
        """Reads on to the first end of a line beyond the next piece."""
        data, start, size = self._data, self._position, len(self._data)
        longest = start + CHUNK_BYTES + limits.LONGEST_LINE
        found = LINE_END.search(data, start + CHUNK_BYTES, longest)
        end = found.end() if found else min(longest, size)
        text = data[start:end].decode("utf-8", "surrogateescape")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        pieces = text.split("\n")
        if not pieces[-1]:
            pieces.pop()
        self._position = end
        if not found and end < size:
            rest = LINE_END.search(data, end)
            self._position = rest.end() if rest else size
        self._read += len(pieces)
        limits.check_lines(self._read)
        return pieces

    def _found(self, start: int, number: int, pattern: re.Pattern[bytes]) -> int:
        """Returns the position of the first matching line after the ``number``-th line from ``start`` on."""
        end = next(islice(LINE_END.finditer(self._data, start), number - 1, None), None)
        found = pattern.search(self._data, end.start()) if end else None
        return found.start() + 1 if found else len(self._data)


def lines(data: bytes) -> Iterator[str]:
    """Yields the lines of UTF-8 bytes; see ``Lines``."""
    return iter(Lines(data))


def known_charset(name: str) -> str:
    """Returns Python's name of a declared character set, or an empty string for UTF-8 and for unknown names.

    Latin-1 is taken as cp1252, as the WHATWG's Encoding Standard says: it has characters where Latin-1 has controls.
    """
    if not name or not name.isascii() or len(name) > 30:
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    found = "cp1252" if found == "iso8859-1" else found
    return found if found in MULTIBYTE_CHARSETS or found in SINGLE_BYTE_CHARSETS else ""


def declared_charset(data: bytes) -> str:
    """Returns the first single-byte character set declared in a file, or an empty string.

    The file's other non-UTF-8 text may well be in it too.
    """
    if data.isascii():
        return ""
    names = islice(CHARSET.finditer(data), MOST_DECLARATIONS)
    known = (known_charset(found[1].decode("ascii")) for found in names)
    return next((charset for charset in known if charset in SINGLE_BYTE_CHARSETS), "")


def decoded(data: bytes, charset: str = "", fallback: str = "") -> str:
    """Returns the text of bytes, given their declared but untrusted ``charset`` (from ``known_charset``). Never fails.

    UTF-8 is tried before a declared single-byte set, because text in such a set is almost never valid UTF-8, but after
    a declared multi-byte set. ``fallback`` is the probable encoding of the whole file. cp1252 comes last; a byte that
    it lacks becomes U+FFFD, which readers report.
    """
    is_multibyte = charset in MULTIBYTE_CHARSETS
    for candidate in (charset, "utf-8", fallback, "cp1252") if is_multibyte else ("utf-8", charset, fallback, "cp1252"):
        if candidate:
            try:
                return data.decode(candidate)
            except UnicodeError:
                if candidate == "utf-8" and (text := _with_foreign_bytes(data)):
                    return text
    return data.decode(charset or fallback or "cp1252", "replace")


def _with_foreign_bytes(data: bytes) -> str:
    """Returns the text of UTF-8 with some foreign bytes; empty if these outnumber its non-ASCII characters.

    A character that is cut off at the end is dropped; foreign bytes elsewhere are read as cp1252.
    """
    text = data.decode("utf-8", "surrogateescape")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    foreign = len(text) - len(data.decode("utf-8", "ignore"))
    if beyond_ascii < 2 * foreign:
        return ""
    return CUT_CHARACTER.sub("", text).translate(FOREIGN_BYTES)


def repaired(text: str, charset: str = "", fallback: str = "") -> str:
    """Returns text with its surrogate escapes resolved by decoding its bytes again; other text as it is."""
    if charset not in MULTIBYTE_CHARSETS:
        if text.isascii():
            return text
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return decoded(text.encode("utf-8", "surrogateescape"), charset, fallback)
        return text
    return decoded(text.encode("utf-8", "surrogateescape"), charset, fallback)


def from_quoted_printable(text: str, charset: str = "", fallback: str = "") -> str:
    """Returns the decoded form of quoted-printable text; invalid sequences stay as they are."""
    return decoded(binascii.a2b_qp(text.encode("utf-8", "surrogateescape")), charset, fallback)


def from_base64(text: str, charset: str = "", fallback: str = "") -> str:
    """Returns the decoded form of base64 text; if it is not valid base64, the text itself."""
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True).decode(charset or "utf-8")
    except ValueError:
        return repaired(text, charset, fallback)
