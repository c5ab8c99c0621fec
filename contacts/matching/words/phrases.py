"""The words of a short German or English phrase, in a form that ignores gender, case and umlauts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from contacts.text import fold

WORDS = re.compile(r"[^\W_]+")

NEUTRAL_NOTES = re.compile(r"\((?:[mwdfx](?:[/|,][mwdfx])+|gn)\)", re.IGNORECASE)
"""Gender notes in job advertisements, such as "(m/w/d)"."""

GENDERED_ENDINGS = re.compile(
    r"(?<=[a-zäöüß])(?:[/*:_·]-?in(?:nen)?\b|\(in(?:nen)?\)|In(?:nen)?\b|Innen(?=[a-zäöüß])|(?:/-?|[*:_])r\b)"
)
"""Both genders in one word: "Entwickler/in", "Entwickler*innen", "Entwickler:in", "EntwicklerIn", "Angestellte/r"."""

GENDERED_SIGNS = re.compile(r"[/(*:_·]|[a-zäöüß]In")
"""Signs of gendered words; most phrases have none and need no closer look."""

FEMININE = re.compile("(?<=..)(er|or|st|ur|nt|og|ar|at|zt|al|lt|kt|ch|ng|et|om|on|iv|it|af|nd|h)in(?:nen)?$")
NOT_FEMININE = re.compile("(?:medizin|benzin|termin|magazin|latein|doktrin|platin|nikotin|insulin|protein|vitamin)$")
PERSON = re.compile("(?<=....)(?:frau|frauen|leute|manner)$")

STOP_WORDS = frozenset(
    fold(
        "der die das den dem des ein eine einen einer eines einem für im in am an auf mit und oder von vom zu zur "
        "zum bei beim als aus über unter ohne nach um bereich sonstige sonstiger verwandte ich du er sie es wir ihr "
        "mein meine meinen ihre ihren ihrer seine seinen seiner unser unsere sucht suche suchen bietet biete bieten "
        "braucht brauche ist sind war hat habe haben hatte kann könnte wird möchte kennt kenne macht jemand "
        "jemanden etwas wer was wo wie man sich mir mich dir dich uns euch auch noch nur sehr mehr neu neue neuen "
        "neuer neues gut gute guten guter gutes klein kleine kleinen kleiner kleines groß große großen zwei drei "
        "gerade gern bitte dass gibt the a of for and or with to at by on from as is are has have had my his her "
        "their our who someone somebody anyone looking small little big large great seeks offers wants needs good "
        "new some that this can could would i we you they it rat hilfe tipp tipps advice help tip tips "
        "used gebraucht gebrauchte gebrauchter gebrauchten gebrauchtes erfahrung erfahrungen experience "
        "kontakt kontakte contacts"
    ).split()
)

CIRCUMSTANCES = frozenset(
    fold(
        "köln cologne berlin hamburg münchen munich frankfurt stuttgart düsseldorf leipzig dortmund bremen dresden "
        "hannover hanover nürnberg nuremberg duisburg bochum wuppertal bielefeld bonn münster mannheim karlsruhe "
        "augsburg wiesbaden braunschweig kiel chemnitz aachen magdeburg freiburg mainz lübeck erfurt rostock kassel "
        "potsdam saarbrücken oldenburg osnabrück leverkusen heidelberg darmstadt regensburg paderborn ingolstadt "
        "würzburg ulm heilbronn göttingen koblenz jena trier siegen cottbus görlitz tübingen konstanz passau weimar "
        "wien vienna graz linz salzburg innsbruck klagenfurt villach bregenz zürich zurich genf geneva basel bern "
        "lausanne winterthur luzern lucerne gallen london manchester birmingham leeds bristol liverpool edinburgh "
        "glasgow cardiff dublin belfast york oxford cambridge brighton paris amsterdam brüssel brussels prag prague "
        "bayern bavaria hessen sachsen thüringen brandenburg niedersachsen westfalen rheinland saarland holstein "
        "württemberg tirol kärnten steiermark vorarlberg ruhrgebiet schwarzwald odenwald allgäu deutschland germany "
        "österreich austria schweiz switzerland europa europe innenstadt nähe umgebung region near "
        "januar februar märz april mai juni juli august september oktober november dezember january february march "
        "may june july october december montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday "
        "wednesday thursday friday saturday sunday wochenende weekend woche week monat month jahr year heute morgen "
        "frühjahr frühling sommer herbst winter spring summer autumn"
    ).split()
)
"""Words for places and times, which by themselves do not make texts about different things match."""


class Word(NamedTuple):
    """A word of a phrase: as written there, and in the form that is compared."""

    text: str
    form: str


def words_of(phrase: str) -> list[Word]:
    """Return the significant words of a phrase. A repetition for the other gender is left out."""
    phrase = unicodedata.normalize("NFC", phrase)
    if not GENDERED_SIGNS.search(phrase):
        return list(_words(phrase))
    phrase = GENDERED_ENDINGS.sub(" ", NEUTRAL_NOTES.sub(" ", phrase))
    for slash in re.finditer("/", phrase):
        first, second = list(_words(phrase[: slash.start()])), list(_words(phrase[slash.end() :]))
        if first and len(first) == len(second) and all(map(_alike, first, second)):
            return first
    return list(_words(phrase))


@lru_cache(maxsize=8192)
def form_of(written: str) -> str:
    """Return the comparable form of a word: folded, without a feminine ending, and with "mann" for "frau", "leute"."""
    form = fold(written)
    if not NOT_FEMININE.search(form):
        form = FEMININE.sub(r"\1", form)
    return PERSON.sub("mann", form)


def _words(phrase: str) -> Iterator[Word]:
    for written in WORDS.findall(phrase):
        form = form_of(written)
        if form not in STOP_WORDS:
            yield Word(written, form)


def _alike(first: Word, second: Word) -> bool:
    """Return whether two words differ only at their ends, as "Zimmerer" and "Zimmerin" do."""
    shorter = min(len(first.form), len(second.form))
    beginning = max(3, shorter - 4)
    return first.form[:beginning] == second.form[:beginning]
