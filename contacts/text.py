"""Cleaning texts for storage, and folding them for comparison.

Cleaning removes characters that can't be stored or that disguise a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from contacts.models import SearchWord

NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LONGEST_WORD = SearchWord._meta.get_field("word").max_length

LONGEST_SORTED = 200
"""Maximum characters of a text that is normalised as it is; longer texts lose their accents first."""

DIGRAPHS = re.compile("e(?<=[aou]e)(?<![aeiouq][aou]e)")
"""The "e" of "ae", "oe" and "ue". A pattern that begins with a plain letter is many times faster."""

APOSTROPHES = re.compile("['’ʼ`]")
SIGNS_WITHIN = "".join(chr(code) for code in range(0x900, 0x1B00) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
"""Vowel signs and similar marks of Indian and South-East Asian scripts, which belong to the letter before them."""
WORDS = re.compile(f"(?:[^\\W_]|[{SIGNS_WITHIN}])+")
ACCENTS = re.compile(
    "(?<![ИиУуІі])[\u0306\u0308]|[\u0300-\u0305\u0307\u0309-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)
"""Accents, and the points of Hebrew and Arabic. Marks that make a different letter do not count: й is not и."""
WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)

UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ø": "o", "æ": "a"})


def clean(text: str) -> str:
    """Returns the text without lone surrogates, direction overrides, and controls other than tab and line feed."""
    if text.isprintable():
        return text
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def visible(text: str) -> str:
    """Returns the text without the invisible marks (direction, zero width) that phones put around numbers."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def cleaned(text: str) -> str:
    """Returns the text as `clean` does, stripped of surrounding whitespace."""
    return clean(text).strip()


def one_line(text: str) -> str:
    """Returns the cleaned text with each run of whitespace replaced by a single space."""
    # Most texts already are on one line, and an import checks each more than once. The only printable blank is " ".
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(cleaned(text).split())


def cleaned_fields(fields: Mapping[str, Any], *, multiline: tuple[str, ...] = ()) -> dict[str, Any]:
    """Returns the fields of a model with their texts cleaned, and on one line except for those named in `multiline`."""
    return {
        name: (cleaned(value) if name in multiline else one_line(value)) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def both(one: str, other: str, separator: str = "\n\n") -> str:
    """Returns the two texts, one after the other, or only the longer one if it contains the other."""
    shorter, longer = sorted((one, other), key=len)
    return longer if shorter in longer else f"{one}{separator}{other}"


def fold(text: str) -> str:
    """Returns the text in lower case without accents: "ä" and "ae" become "a", likewise o and u; "ß" becomes "ss"."""
    return DIGRAPHS.sub("", unaccented(text))


def unaccented(text: str) -> str:
    """Returns the text in lower case without accents and umlauts: "ä" becomes "a", "ß" becomes "ss"."""
    if text.isascii():
        return text.lower()
    if len(text) > LONGEST_SORTED and any(map(unicodedata.combining, text)):
        text = "".join(_with_single_marks(text))
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare.translate(WITHOUT_DECOMPOSITION))


def _with_single_marks(text: str) -> Iterator[str]:
    """Yields the characters without any combining mark that follows another one.

    Normalising sorts each run of marks, in a time that grows with the square of the run.
    """
    was_mark = False
    for character in text:
        is_mark = unicodedata.combining(character) > 0
        if not (is_mark and was_mark):
            yield character
        was_mark = is_mark


def spelt_words(text: str) -> list[str]:
    """Returns the distinct words of a text in lower case, with umlauts folded and all other accents kept."""
    spelt = unicodedata.normalize("NFKC", APOSTROPHES.sub("", text)[:LONGEST_SORTED]).casefold()
    return list(dict.fromkeys(WORDS.findall(DIGRAPHS.sub("", spelt.translate(UMLAUTS)))))


def fold_words(text: str) -> list[str]:
    """Returns the distinct folded words of a text, in order, each cut to the length that the index holds."""
    words = WORDS.findall(fold(APOSTROPHES.sub("", text)))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in words))
