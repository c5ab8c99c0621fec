"""The words by which contacts are found, and the parts of a query; nothing here reads the database.

A word is stored in each form in which it may be typed: "Jörg" as "jorg" and "joerg", "Ji-hoon" as "ji", "hoon" and
"jihoon", an address as a whole and by its domain, a number forwards and backwards. So queries need prefixes only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice, pairwise

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from contacts.people.streets import written_out
from contacts.text import APOSTROPHES, LONGEST_WORD, WORDS, fold, unaccented

LONGEST_QUERY = 200
MOST_SOUGHT = 12
"""Maximum characters and words of a query that are searched for: each word costs a subquery."""
NAME_PREFIX = 2
"""Length in letters up to which only names are searched, because nearly every contact has a word with any given letter.

Other words this short are not stored, because nothing could find them. A character of Chinese, Japanese or Korean
counts as two letters.
"""
JOINED = 3
"""Maximum words of a name that may be typed as one, as in "de la Cruz"."""
LONGEST_SYLLABLES = 12
"""Maximum stored and searched characters of a word in a script without blanks between words, such as Chinese."""
SHORTEST_NUMBER = 5
"""Minimum digits of a query that may be a phone number."""
SHORTEST_ENDING = 6
"""Minimum digits of a query that may be the end of a phone number."""
BACKWARDS = "<"
"""Prefix of a number that is stored backwards, to be found by its final digits."""

UMLAUTS_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
WRITTEN_OUT_UMLAUT = re.compile("e(?<=[aou]e)(?<![aeiouq][aou]e)(?=[b-df-hj-np-tv-z])")
"""The "e" of an umlaut that is written out, as in "Mueller"."""
NO_UMLAUT = re.compile("(?:mi?ch|ra(?:f|ph)|isr|ism|nathan|mikh)ael|(?:man|sam|mig)uel|[jn]oel")
"""Words in which two vowels are not an umlaut: Michael is not Michal."""
SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Characters of Chinese, Japanese and Korean."""
NUMBER = re.compile(r"[+(]*\d[\d()/.+–-]*")
AROUND = "<>()[]{},;:!?\"'„“”‚‘’«»"
SCHEMES = ("mailto:", "tel:", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Sought:
    """One word of a query: found by any of the prefixes, or by all of `parts` instead.

    A number of up to two digits is searched for `anywhere` if the query has other words, because it may be a house
    number.
    """

    prefixes: tuple[str, ...]
    parts: tuple[Sought, ...] = ()
    anywhere: bool = False

    def __len__(self) -> int:
        return max(map(weight, self.prefixes))


def weight(word: str) -> int:
    """Return the weight of a word: its letters, of which a Chinese, Japanese or Korean character counts as two."""
    return len(word) if word.isascii() else len(word) + len(SYLLABLES.findall(word))


def sought(query: str) -> list[Sought]:
    """Return the parts of a query, all of which a contact has to match. Anything past the limits is ignored."""
    found: list[Sought] = []
    for is_number, tokens in groupby(_tokens(query), key=lambda token: bool(NUMBER.fullmatch(token))):
        if is_number:
            found += _numbers(list(tokens))
        else:
            found += _texts(list(tokens))
    found = list(dict.fromkeys(found))[:MOST_SOUGHT]
    return [_with_house_number(each) for each in found] if any(len(each) > NAME_PREFIX for each in found) else found


def sought_words(query: str) -> list[tuple[str, Sought]]:
    """Return the words of a query, each folded, for searching long texts, and in the form for searching names."""
    words = dict.fromkeys(words_of(query[:LONGEST_QUERY]))
    return [(fold(word), Sought(tuple(dict.fromkeys(_typed(word))))) for word in islice(words, MOST_SOUGHT)]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, with their accents, in order."""
    return WORDS.findall(APOSTROPHES.sub("'", unicodedata.normalize("NFC", text)).casefold())


@lru_cache(maxsize=1 << 14)  # Words recur; this saves a tenth of an import.
def spellings(word: str) -> tuple[str, ...]:
    """Return the forms in which a word of `words_of` may be typed.

    A word in a script without blanks can be typed from any of its characters on.
    """
    bare = unaccented(word)
    forms = [bare]
    if not word.isascii():
        forms.append(unaccented(word.translate(UMLAUTS_WRITTEN_OUT)))
        starts = [match.start() for match in SYLLABLES.finditer(bare[:LONGEST_WORD])]
        forms += [bare[start : start + LONGEST_SYLLABLES] for start in starts]
    if "e" in bare and (contracted := WRITTEN_OUT_UMLAUT.sub("", bare)) != bare and not NO_UMLAUT.search(bare):
        forms.append(contracted)
    return tuple(forms)


def text_words(text: str) -> Iterator[str]:
    """Yield the forms of the words in a text, also of words joined by signs: "E-Mail" as "mail" and "email"."""
    for token in text.split():
        words = words_of(token)
        for word in words:
            yield from spellings(word)
        if len(words) > 1:
            yield from spellings("".join(words))


def name_words(text: str) -> Iterator[str]:
    """Yield the forms of the words in a part of a name, and of up to three adjacent words joined."""
    words = words_of(text)
    for start in range(len(words)):
        for end in range(start + 1, min(start + JOINED, len(words)) + 1):
            yield from spellings("".join(words[start:end]))


def email_words(address: str) -> Iterator[str]:
    """Yield the search words of a normalised e-mail address: the whole, its further words, and its domains."""
    mailbox, _at, domain = unaccented(address).rpartition("@")
    yield f"{mailbox}@{domain}"
    for word in words_of(mailbox)[0 if address[:1] in "._-+" else 1 :]:
        yield from spellings(word)
    yield from _domains(domain)


def link_words(link: str) -> Iterator[str]:
    """Yield the search words of a normalised link: with and without hosts, and the words of a path or account."""
    host, slash, path = unaccented(link).partition("/")
    yield from (f"{domain}{slash}{path}" for domain in _domains(host))
    yield from text_words(path.replace("/", " ") or host.partition(":")[2])


def phone_words(number: str) -> Iterator[str]:
    """Yield the search words of a normalised phone number: with and without its country code, and backwards."""
    digits = _digits(number.partition("x")[0])
    yield digits
    yield f"{BACKWARDS}{digits[::-1]}"
    if number.startswith("+"):
        yield _national(digits)


def address_words(address: str) -> Iterator[str]:
    """Yield the forms of the words of a postal address, with house numbers, and a postcode in two parts as one word."""
    words = words_of(address)
    for word in words:
        yield from spellings(word)
        if long := written_out(unaccented(word)):
            yield long
    for one, other in pairwise(words):
        has_digits = any(map(str.isdecimal, one)) if len(one) > 1 else one.isalpha()
        if has_digits and any(map(str.isdecimal, other)):
            yield f"{one}{other}"


def _tokens(query: str) -> list[str]:
    text = unicodedata.normalize("NFKC", query[:LONGEST_QUERY])
    tokens = (token.strip(AROUND.replace("(", "").replace(")", "")) for token in text.split())
    return [token.removeprefix(_scheme(token)) for token in tokens if token]


def _scheme(token: str) -> str:
    folded = token.casefold()
    scheme = next((scheme for scheme in SCHEMES if folded.startswith(scheme)), "")
    return token[: len(scheme)]


def _texts(tokens: Sequence[str]) -> list[Sought]:
    """Return the parts of a query for tokens other than numbers; a word may be stored joined with its neighbours."""
    found: list[Sought] = []
    words: list[str] = []
    for token in tokens:
        parts = words_of(token)
        if not any(sign in token for sign in "@./:") or (len(parts) < 2 and "@" not in token):
            words += parts
            continue
        raw = unaccented(token.strip(AROUND).removeprefix("www.").removeprefix("@").rstrip("/"))
        if any(map(str.isalnum, raw)):
            in_words = () if "@" in raw else tuple(_joinable(parts))
            found.append(Sought((raw[:LONGEST_WORD],), in_words))
    return [*_joinable(words), *found]


def _joinable(words: Sequence[str]) -> list[Sought]:
    """Return parts of a query for words, each of which may also be stored joined with its neighbours."""
    found = []
    for place in range(len(words)):
        windows = [
            "".join(words[start:end])
            for start in range(max(0, place - JOINED + 1), place + 1)
            for end in range(place + 1, min(start + JOINED, len(words)) + 1)
        ]
        forms = [form for window in sorted(windows, key=len) for form in _typed(window)]
        found.append(Sought(tuple(dict.fromkeys(form for form in forms if form))))
    return [each for each in found if each.prefixes]


def _typed(word: str) -> Iterator[str]:
    bare = unaccented(word)
    longest = LONGEST_SYLLABLES if SYLLABLES.search(bare) else LONGEST_WORD
    yield bare[:longest]
    if not word.isascii():
        yield unaccented(word.translate(UMLAUTS_WRITTEN_OUT))[:longest]
    if long := written_out(bare):
        yield long


def _numbers(tokens: Sequence[str]) -> list[Sought]:
    """Return the parts of a query for numbers: one phone number, or each number separately."""
    parts = _joinable(words_of(" ".join(tokens)))
    # The trunk prefix in "+49 (0) 170" is dialled only without the country code before it.
    text = "".join(tokens).replace("(0)", "")
    digits = _digits(text)
    bare = digits.lstrip("0")
    if len(digits) < SHORTEST_NUMBER or not bare or not parts:
        return parts
    is_international = text.lstrip("(").startswith("+") or digits.startswith("00")
    prefixes = [bare] if is_international else [bare, digits]
    if len(bare) >= SHORTEST_ENDING:
        prefixes.append(f"{BACKWARDS}{bare[::-1]}")
    return [Sought(tuple(filter(None, dict.fromkeys(prefixes))), () if is_international else tuple(parts))]


def _with_house_number(each: Sought) -> Sought:
    short = all(prefix.isdecimal() and len(prefix) <= NAME_PREFIX for prefix in each.prefixes[:1])
    parts = tuple(_with_house_number(part) for part in each.parts)
    return Sought(each.prefixes, parts, anywhere=short)


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())


def _national(digits: str) -> str:
    """Return the digits of an international number without its country code and any zero after it."""
    # No country code is a prefix of another.
    for end in (1, 2, 3):
        if digits[:end] and int(digits[:end]) in COUNTRY_CODE_TO_REGION_CODE:
            return digits[end:].lstrip("0")
    return digits


def _domains(host: str) -> list[str]:
    """Return a host and the domains it belongs to, except the top-level one."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))][:LONGEST_WORD]


def cut(words: Iterable[str]) -> Iterator[str]:
    """Yield the words, each cut to the length that the index holds."""
    return (word[:LONGEST_WORD] for word in words if word)
