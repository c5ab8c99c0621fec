"""The words of a short German or English phrase, in a form that does not depend on gender, case or umlauts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from contacts.search import fold

WORDS = re.compile(r"[^\W_]+")

NEUTRAL_NOTES = re.compile(r"\((?:[mwdfx](?:[/|,][mwdfx])+|gn)\)", re.IGNORECASE)
"""The "(m/w/d)" of job adverts."""

GENDERED_ENDINGS = re.compile(
    r"(?<=[a-zäöüß])(?:[/*:_·]-?in(?:nen)?\b|\(in(?:nen)?\)|In(?:nen)?\b|Innen(?=[a-zäöüß])|(?:/-?|[*:_])r\b)"
)
"""Both genders in one word: "Entwickler/in", "Entwickler*innen", "Entwickler:in", "EntwicklerIn", "Angestellte/r"."""

FEMININE = re.compile("(?<=..)(er|or|st|ur|nt|og|ar|at|zt|al|lt|kt|ch|ng|et|om|on|iv|it|af|nd|h)in(?:nen)?$")
NOT_FEMININE = re.compile("(?:medizin|benzin|termin|magazin|latein|doktrin|platin|nikotin|insulin|protein|vitamin)$")
PERSON = re.compile("(?<=....)(?:frau|frauen|leute|manner)$")

STOP_WORDS = frozenset(
    fold(
        "der die das den dem des ein eine einen einer eines einem für im in am an auf mit und oder von vom zu zur zum "
        "bei beim als aus über unter ohne nach um bereich sonstige sonstiger verwandte ich du er sie es wir ihr mein "
        "meine ihre ihren seine seinen sucht suche suchen bietet biete ist sind hat haben jemand jemanden "
        "the a an of for and or in with to at by on as is are has have my his her their who someone looking"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a phrase: as it is written there, and in the form that is compared."""

    text: str
    form: str


def words_of(phrase: str) -> list[Word]:
    """The words that say what a phrase is about; a second naming of the same for the other gender is left out."""
    phrase = unicodedata.normalize("NFC", phrase)
    phrase = GENDERED_ENDINGS.sub(_blank, NEUTRAL_NOTES.sub(_blank, phrase))
    for slash in re.finditer("/", phrase):
        first, second = list(_words(phrase[: slash.start()])), list(_words(phrase[slash.end() :]))
        if first and len(first) == len(second) and all(map(_alike, first, second)):
            return first
    return list(_words(phrase))


def neutral(form: str) -> str:
    """A folded word without its feminine ending; "frau" and "leute" at its end become "mann"."""
    if not NOT_FEMININE.search(form):
        form = FEMININE.sub(r"\1", form)
    return PERSON.sub("mann", form)


def _words(phrase: str) -> Iterator[Word]:
    for match in WORDS.finditer(phrase):
        form = fold(match.group())
        if form not in STOP_WORDS:
            yield Word(match.group(), neutral(form))


def _alike(first: Word, second: Word) -> bool:
    """Whether two words differ at their ends only, as "Zimmerer" and "Zimmerin" do."""
    shorter = min(len(first.form), len(second.form))
    beginning = max(3, shorter - 4)
    return first.form[:beginning] == second.form[:beginning]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
