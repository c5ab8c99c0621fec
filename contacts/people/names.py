"""Names of people: splitting what was typed, composing what is shown, and what lists are sorted by."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from contacts.text import fold

SALUTATIONS = {"herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "mister", "mx", "madame", "monsieur"}
TITLES = SALUTATIONS | {"dr", "prof", "professor", "dipl-ing", "dipl-kfm", "mag", "ing"}
PARTICLES = {
    *("von", "van", "vom", "zu", "zum", "zur", "der", "den", "des", "das", "ter", "ten", "af", "av"),
    *("de", "da", "di", "do", "dos", "del", "della", "du", "d", "la", "le", "las", "los"),
    *("al", "el", "ibn", "bin", "ben"),
}
SUFFIXES = {
    "jr",
    "jun",
    "junior",
    "sr",
    "sen",
    "senior",
    "ii",
    "iii",
    "iv",
    "phd",
    "msc",
    "bsc",
    "mba",
    "mdb",
    "ba",
    "ma",
}
LEGAL_FORMS = {
    *("gmbh", "ggmbh", "mbh", "ag", "kg", "ohg", "ug", "se", "ev", "eg", "gbr"),
    *("ltd", "llc", "llp", "inc", "corp", "plc", "sarl", "bv", "nv", "co"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name. An organisation has no parts, only a display name."""

    prefix: str = ""
    given_name: str = ""
    family_name: str = ""
    suffix: str = ""
    display_name: str = ""
    is_organisation: bool = False

    def fields(self) -> dict[str, str | bool]:
        """Return the parts, keyed by the field names of a contact."""
        return asdict(self)


def split_name(text: str) -> Name:
    """Split a typed name, whether "Dr. Anna von der Heide" or "Müller, Anna"; a single word is a given name.

    This is a guess that the member can correct: everything before the last word counts as given names, unless a
    particle ("von", "van", "de") starts the family name earlier. A legal form ("GmbH", "Ltd") makes the name an
    organisation.
    """
    text = " ".join(text.split())
    words = text.split(" ")
    if len(words) > 1 and any(_bare(word) in LEGAL_FORMS for word in words[1:]):
        return Name(display_name=text, is_organisation=True)
    before, _comma, after = (part.strip() for part in text.partition(","))
    if after and not all(_bare(word) in SUFFIXES for word in after.split()):
        prefix, given = _without_titles(after.split())
        family_prefix, family = _without_titles(before.split())
        return Name(prefix or family_prefix, given_name=" ".join(given), family_name=" ".join(family))
    prefix, names = _without_titles(before.split())
    if not names:
        return Name(display_name=text)
    names, suffix = _without_suffixes(names)
    given, family = _split_family(names)
    return Name(prefix, " ".join(given), " ".join(family), after or suffix)


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
    """Return the folded name that lists are sorted by: family name first, or the display name without parts."""
    return " ".join(fold(f"{family_name} {given_name}").split()) or " ".join(fold(display_name).split())


def _bare(word: str) -> str:
    return word.replace(".", "").rstrip(",").lower()


def _without_titles(words: list[str]) -> tuple[str, list[str]]:
    count = 0
    while count < len(words) - 1 and _bare(words[count]) in TITLES:
        count += 1
    return " ".join(words[:count]), words[count:]


def _without_suffixes(words: list[str]) -> tuple[list[str], str]:
    end = len(words)
    while end > 2 and _bare(words[end - 1]) in SUFFIXES:
        end -= 1
    return words[:end], " ".join(words[end:])


def _split_family(words: list[str]) -> tuple[list[str], list[str]]:
    if len(words) < 2:
        return words, []
    last = len(words) - 1
    # Particles are lower case; "Di" or "La" may well be a given name.
    start = next((place for place in range(1, last) if words[place] in PARTICLES), last)
    return words[:start], words[start:]
