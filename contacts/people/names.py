"""Names of people: splitting typed names, and composing display names and sort names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

from nameparser import Lexicon, ParsedName, Parser, locales, parser_for

from contacts.people.name_words import (
    AT_THE_END,
    GIVEN_NAME_TITLES,
    IN_CAPITALS,
    LEGAL_FORM_AS_SPELT,
    LEGAL_FORM_IN_ANY_CASE,
    NOBILIARY,
    NOT_SORTED_BY,
    PARTICLES,
    PARTS_OF_DEGREES,
    SALUTATIONS,
    TITLES,
    WORDS_OF_FIRMS,
)
from contacts.text import fold

LONGEST_NAME = 200
"""Maximum characters of a text that is parsed as a name, so that no time is lost on long texts."""

TRAILING_REMARK = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>)\s*\Z|\s+(?:[-–—|/@•·:]|c/o)\s+.*\Z|\s+#?[0-9][0-9./-]*\Z"
)
"""A remark after a name: in brackets, after a sign between blanks, or as a number: "(Choir)", "- IHK", "2"."""
BORN = re.compile(r",?\s+\(?(?:geb\.?|geborene[nr]?|née?|né|nee|born|verw\.|verh\.|gesch\.)\s+\S.*\Z", re.IGNORECASE)
"""A former or later family name."""
MARIA = re.compile(r"((?:del|de|da|de la|de las|de los) \S+)\s+(\S.*)")
"""The words after María in names such as "María del Carmen García"."""
BRACKETED_DEGREE = re.compile(r"\((?:FH|TU|TH|BA|Univ\.?|Uni|com\.?)\)", re.IGNORECASE)
WITHOUT_LETTERS = re.compile(r"(?<!\S)[^\w\s,;.'’\"“”„«»&+()\[\]]+(?!\S)")
"""A word of signs only, such as an emoji, which is part of the display name but not of any name part."""
HAN = re.compile(r"[\u3400-\u9fff]{2,3}|(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|司徒|东方|東方)[\u3400-\u9fff]{1,2}")
"""A name in Chinese characters without a blank. One of four characters is probably Japanese and is not split."""
BEYOND_LATIN = "\u0250"
MOST_PLAIN_WORDS = 4
PATRONYMIC_ENDINGS = ("vich", "vna", "ichna", "ych", "oglu", "ogly", "oğlu", "kyzy", "qizi", "kızı")
"""Endings of names, or words behind them, that may show that the family name comes first."""
LETTERS_OF_CAPITALS = 5
"""Minimum letters of a family name in capitals before a given name: "KRAUSE Anna", but not "IHK" or "ADAC"."""
ACADEMIC = frozenset(("dr.", "prof.", "dr.-ing."))
"""Titles that come before a family name but are never names, so that the text before them is not a given name."""


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name. An organisation has no parts, only a display name.

    A person has a display name only if it differs from the joined parts: if it has a remark or a different order.
    """

    prefix: str = ""
    given_name: str = ""
    family_name: str = ""
    suffix: str = ""
    display_name: str = ""
    nickname: str = ""
    is_organisation: bool = False

    def fields(self) -> dict[str, str | bool]:
        """Return the parts, keyed by the field names of a contact."""
        return asdict(self)


def split_name(text: str) -> Name:
    """Split a typed name, whether "Dr. med. Anna von der Heide" or "Müller, Anna"; a single word is a given name.

    This is a guess that the member can correct. A single word after a title is the family name ("Herr Krause"). A legal
    form ("GmbH", "Ltd") makes the name an organisation. Remarks, as in "Anna Müller (neighbour)", are only part of the
    display name.
    """
    text = " ".join(text.split()).rstrip(" ,;") or text.strip()
    if (plain := _plain_name(text)) is not None:
        return plain
    if "@" in text or len(text) > LONGEST_NAME or not any(map(str.isalpha, text)):
        return Name(display_name=text)
    if is_organisation(text):
        return Name(display_name=text, is_organisation=True)
    bare = _without_remarks(text)
    name = (_plain_name(bare) or _split(bare)) if bare else Name()
    if not name.given_name and not name.family_name:
        return replace(name, display_name=text)
    return replace(name, display_name=text) if bare != text else name


def compose_name(*, prefix: str, given_name: str, additional_names: str, family_name: str, suffix: str) -> str:
    """Return the display name composed of the parts; empty if neither a given nor a family name is known.

    "Dr." is part of how people are addressed; "Mr" and "Frau" are needed only if the given name is not known.
    """
    if not given_name and not family_name:
        return ""
    if given_name:
        prefix = " ".join(word for word in prefix.split() if _bare(word) not in SALUTATIONS)
    name = " ".join(part for part in (prefix, given_name, additional_names, family_name) if part)
    return f"{name}, {suffix}" if suffix else name


def sortable_name(*, given_name: str, family_name: str, display_name: str) -> str:
    """Return the folded name by which lists are sorted: family name first, or the display name if no part is known.

    Particles in lower case are skipped, as in telephone books and libraries: "von Stein" is listed under S, and "Van
    Buren" under V.
    """
    family = _without_particles(family_name)
    return " ".join(fold(f"{family} {given_name}").split()) or " ".join(fold(display_name).split())


def is_title(word: str) -> bool:
    """Return whether a word is a form of address or a degree that precedes names."""
    return _bare(word) in TITLES


def is_organisation(text: str) -> bool:
    """Return whether a name holds a legal form, or a phrase such as "& Sons", that only organisations have."""
    words = text.replace(",", " ").split()
    if len(words) < 2:
        return False
    if WORDS_OF_FIRMS.search(text) or any(LEGAL_FORM_IN_ANY_CASE.fullmatch(word.replace(".", "")) for word in words):
        return True
    known = IN_CAPITALS if text.isupper() else LEGAL_FORM_AS_SPELT
    return any(word in known or word.rstrip(".") in known for word in words[1:])


def _plain_name(text: str) -> Name | None:
    """Return the given and family name, without parsing, if no word can be anything but a name; else None."""
    words = text.split(" ")
    if 1 < len(words) <= MOST_PLAIN_WORDS and all(map(_is_plain, words)):
        return Name(given_name=" ".join(words[:-1]), family_name=words[-1])
    return None


def _is_plain(word: str) -> bool:
    """Return whether a word of Latin letters can only be a name."""
    return (
        word.replace("-", "").isalpha()
        and max(word) < BEYOND_LATIN
        and not word.isupper()
        and word.casefold() not in _special_words()
        and not word.endswith(PATRONYMIC_ENDINGS)
        and not LEGAL_FORM_IN_ANY_CASE.fullmatch(word)
    )


@cache
def _special_words() -> frozenset[str]:
    """Return all words, in lower case, that are or may be something other than names."""
    lexicon = Lexicon.default()
    known = lexicon.titles | lexicon.given_name_titles | lexicon.suffix_acronyms | lexicon.suffix_words
    known |= lexicon.particles | lexicon.conjunctions | lexicon.bound_given_names | lexicon.maiden_markers
    ours = TITLES | GIVEN_NAME_TITLES | NOBILIARY | PARTICLES | {word.casefold() for word in LEGAL_FORM_AS_SPELT}
    return frozenset(known | ours | {"jun", "sen", "senior", "em"})


def _split(text: str) -> Name:
    """Split a name without remarks."""
    prefix, text = _without_titles(text)
    ending = AT_THE_END.search(text)
    suffix = ""
    if ending and (prefix or " " in text[: ending.start()].strip() or "," in ending[0]):
        suffix, text = ending[0].strip(" ,"), text[: ending.start()].rstrip(" ,")
    by_capitals = _split_by_capitals(text.split())
    if by_capitals is not None:
        given, family = by_capitals
        return Name(prefix, given, family, suffix, display_name=text)
    parsed = _parser(is_chinese=HAN.fullmatch(text) is not None).parse(text)
    return _name_of(parsed, prefix, suffix, text)


def _name_of(parsed: ParsedName, prefix: str, suffix: str, text: str) -> Name:
    given = " ".join(part for part in (parsed.given, parsed.middle) if part)
    family, title = parsed.family, parsed.title
    if not given and not family:
        given, title = title or text, ""
    elif prefix and given and not family and " " not in given and not title:
        given, family = "", given
    elif not given and not prefix and not title and " " not in family:
        given, family = family, ""
    elif (given in PARTICLES or given in ("Von", "Zu", "Van", "De")) and (prefix or title):
        given, family = "", f"{given} {family}"
    elif given in ("María", "Maria", "Ma.") and (found := MARIA.fullmatch(family)):
        given, family = f"{given} {found[1]}", found[2]
    is_family_first = family and text.startswith(family) and "," not in text and bool(given)
    return Name(
        " ".join(part for part in (prefix, title) if part),
        given,
        family,
        ", ".join(part for part in (parsed.suffix, suffix) if part),
        display_name=text if is_family_first else "",
        nickname=parsed.nickname,
    )


@cache
def _parser(*, is_chinese: bool) -> Parser:
    """Return a parser that knows patronymics and, with `is_chinese`, splits names in Chinese characters."""
    lexicon = Lexicon.default()
    lexicon = lexicon.remove(titles=NOBILIARY & lexicon.titles)
    lexicon = lexicon.add(titles=GIVEN_NAME_TITLES, given_name_titles=GIVEN_NAME_TITLES, particles=NOBILIARY | {"el"})
    chosen = (locales.RU, locales.ZH) if is_chinese else (locales.RU,)
    return parser_for(*chosen, base=Parser(lexicon=lexicon))


def _without_remarks(text: str) -> str:
    """Return a name without remarks in brackets or after a dash, and without emojis."""
    degrees = BRACKETED_DEGREE.sub(lambda found: f"\x01{found[0][1:-1]}\x02", text)
    while True:
        shorter = BORN.sub("", TRAILING_REMARK.sub("", degrees))
        if shorter == degrees:
            break
        degrees = shorter
    bare = WITHOUT_LETTERS.sub("", degrees).replace("\x01", "(").replace("\x02", ")")
    return " ".join(bare.split()).strip(" ,;")


def _without_titles(text: str) -> tuple[str, str]:
    """Return the titles before a name, or before either part of "family, given", and the name without them.

    An occupation before a degree also counts as a title: "Zahnarzt Dr. Krause".
    """
    titles: list[str] = []
    names: list[str] = []
    for segment in text.split(","):
        words = segment.split()
        academic = next((place for place, word in enumerate(words[:-1]) if word.lower() in ACADEMIC), 0)
        count = academic + _count_of_titles(words[academic:])
        if count == len(words) and not names and "," not in text:
            count -= 1  # A text of titles only is the name itself.
        titles += words[:count]
        if words[count:]:
            names.append(" ".join(words[count:]))
    return (" ".join(titles), ", ".join(names)) if names else ("", text)


def _count_of_titles(words: Sequence[str]) -> int:
    count = 0
    while count < len(words):
        word = words[count]
        is_part = count and (word.endswith((".", ")")) and _parts_of(word) <= PARTS_OF_DEGREES)
        if not (is_part or is_title(word)):
            break
        count += 1
    return count


def _parts_of(word: str) -> frozenset[str]:
    """Return the abbreviations in a word such as ``h.c.`` or ``(FH)``, without dots and in lower case."""
    return frozenset(piece for piece in re.split(r"[.()-]", word.lower()) if piece)


def _split_by_capitals(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the given and family name if only the family name is in capitals: "MÜLLER Anna", "Anna GARCÍA LÓPEZ"."""
    capitals = [word.isupper() and len(word) > 1 and "." not in word and "," not in word for word in words]
    if all(capitals) or not any(capitals):
        return None
    start = next((place for place, is_capital in enumerate(capitals) if not is_capital), 0)
    if sum(map(len, words[:start])) >= LETTERS_OF_CAPITALS and not any(capitals[start:]):
        return " ".join(words[start:]), " ".join(words[:start])
    first = capitals.index(True)
    if first and len(words) - first > 1 and all(capitals[first:]) and all(len(word) > 3 for word in words[first:]):
        return " ".join(words[:first]), " ".join(words[first:])
    return None


def _without_particles(family_name: str) -> str:
    words = family_name.split()
    while len(words) > 1 and words[0].islower() and words[0].rstrip(".") in NOT_SORTED_BY:
        words = words[1:]
    family = " ".join(words)
    elided = re.match(r"(?:d['’]|al-|el-|as-|ad-|ar-|'t\s|’t\s)(?=\w)", family)
    return family[elided.end() :] if elided else family


def _bare(word: str) -> str:
    return word.replace(".", "").rstrip(",").lower()
