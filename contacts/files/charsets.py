"""Guessing the legacy encoding of a file that is not in Unicode and does not declare its encoding.

The statistics are those of the package chardet, which is made for pages of text, whereas names are short. So its
candidates are weighed by the share of words that look plausible: letters of one script, without signs or capitals
inside.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

import chardet

from contacts.files import encoding

CHARSETS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("mac-roman", "mac-latin2", "mac-cyrillic", "iso8859-2", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp866"),
    *("cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949"),
)
"""Encodings in which address books occur, by Python's names, the commonest first."""
LATIN = "cp1252"
TURKISH = "cp1254"
"""Like cp1252, but with six Turkish letters in place of Icelandic ones, which are rarer."""

CHUNK_BYTES = 1024 * 1024
SAMPLE_BYTES = 32 * 1024
MOST_LINES = 50_000
MOST_WORDS = 400

LOOK_BACK = 400
"""Maximum bytes that are read before a position to find the beginning of its line."""
BEYOND_ASCII = re.compile(rb"[\x80-\xff][^\r\n]{0,4096}")
QUOTED_PRINTABLE = re.compile(rb"QUOTED-PRINTABLE[^:\r\n]{0,200}:[^\r\n]{1,4096}", re.IGNORECASE)
DECLARED = re.compile(rb"CHARSET=", re.IGNORECASE)
LACKED_BY_LATIN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
CONTROLS = re.compile("[\x80-\x9f]")
LINE_END = re.compile(rb"[\r\n]")
WORD_BEYOND_ASCII = re.compile(r"[^\s,;|\"'()/@.:<>=-]*[^\x00-\x7f][^\s,;|\"'()/@.:<>=-]*")
LIGATURES = re.compile("[\ufb00-\ufb06]")
PUNCTUATION = frozenset("’‘“”„–—€·")
IDEOGRAPHIC = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC", "KATAKANA-HIRAGANA"))
WITHOUT_KANA = frozenset(("gb18030", "big5hkscs"))


def charset_of(data: bytes) -> str:
    """Returns Python's name of the encoding of a file: a Unicode one, or else the likeliest legacy encoding.

    A file most of whose non-ASCII lines are valid UTF-8 counts as UTF-8.
    """
    name = encoding.encoding_of(data)
    if name != "utf-8":
        return name
    lines = _quoted_printable_lines(data)
    if not _is_utf8(data):
        lines = chain(_lines_beyond_ascii(data), lines)
    valid = 0
    foreign: list[bytes] = []
    room = SAMPLE_BYTES
    for line in islice(lines, MOST_LINES):
        if _is_utf8(line):
            valid += 1
        elif room > 0:
            foreign.append(line)
            room -= len(line)
    return name if valid > len(foreign) or not foreign else likeliest(foreign)


def likeliest(lines: Sequence[bytes]) -> str:
    """Returns the likeliest of ``CHARSETS`` for lines that are not in UTF-8.

    A damaged byte rules out encodings that lack it. So if no encoding makes every word plausible, lines with bytes that
    cp1252 lacks are set aside.
    """
    plausible, name = _best(lines)
    if plausible < 1 and (whole := [line for line in lines if not LACKED_BY_LATIN.search(line)]):
        name = max((plausible, name), _best(whole), key=lambda found: found[0])[1]
    return name


def _best(lines: Sequence[bytes]) -> tuple[float, str]:
    """Returns the share of words that are plausible in the best encoding for these lines, and that encoding."""
    sample = b"\n".join(lines)
    found = chardet.detect_all(
        sample, ignore_threshold=True, prefer_superset=False, compat_names=False, include_encodings=CHARSETS
    )
    best, plausible, chosen, shown = 0.0, 0.0, LATIN, ""
    for candidate in sorted(found, key=lambda each: CHARSETS.index(each["encoding"] or LATIN)):
        name = candidate["encoding"] or LATIN
        try:
            text = sample.decode(name)
        except UnicodeError:
            continue
        share = 0.0 if CONTROLS.search(text) else plausibility(text, has_kana=name not in WITHOUT_KANA)
        weight = candidate["confidence"] * share**3
        if weight > best or (weight == best and name == TURKISH and text != shown):
            best, plausible, chosen, shown = weight, share, name, text
    return plausible, chosen


def plausibility(text: str, *, has_kana: bool = True) -> float:
    """Returns the plausible share of the words with non-ASCII characters; 1 if there are none."""
    words = WORD_BEYOND_ASCII.findall(text)[:MOST_WORDS]
    good = sum(1 for word in words if _is_plausible(word, has_kana=has_kana))
    return good / len(words) if words else 1.0


def _is_plausible(word: str, *, has_kana: bool) -> bool:
    if LIGATURES.search(word):
        return False
    scripts = set()
    for character in word:
        if character.isalpha():
            script = unicodedata.name(character, "?").partition(" ")[0] if character > "\x7f" else "LATIN"
            if not has_kana and script in ("HIRAGANA", "KATAKANA"):
                return False
            scripts.add("CJK" if script in IDEOGRAPHIC else script)
        elif character > "\x7f" and character not in PUNCTUATION and not unicodedata.combining(character):
            return False
    return len(scripts) < 2 and not any(one.islower() and other.isupper() for one, other in pairwise(word))


def _lines_beyond_ascii(data: bytes) -> Iterator[bytes]:
    """Yields the lines beyond ASCII that do not declare their encoding."""
    for found in islice(BEYOND_ASCII.finditer(data), MOST_LINES):
        line = _beginning(data, found.start()) + found[0]
        if not DECLARED.search(line):
            yield line


def _quoted_printable_lines(data: bytes) -> Iterator[bytes]:
    """Yields the decoded quoted-printable values that are not ASCII and do not declare their encoding."""
    for found in islice(QUOTED_PRINTABLE.finditer(data), MOST_LINES):
        head, _colon, value = found[0].partition(b":")
        line = codecs.decode(value, "quopri")
        if not line.isascii() and not DECLARED.search(_beginning(data, found.start()) + head):
            yield line


def _beginning(data: bytes, position: int) -> bytes:
    """Returns the part of a line before a position."""
    return LINE_END.split(data[max(position - LOOK_BACK, 0) : position])[-1]


def _is_utf8(data: bytes) -> bool:
    """Returns whether bytes are UTF-8, without holding the text in memory. The last character may be cut off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), CHUNK_BYTES):
            decoder.decode(data[start : start + CHUNK_BYTES])
    except UnicodeDecodeError:
        return False
    return True
