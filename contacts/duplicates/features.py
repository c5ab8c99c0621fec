"""Records prepared for comparison: folded, split into words, and without words that are too common to count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import phonenumbers

from contacts.duplicates.records import Address, Birthday, PersonRecord
from contacts.people.identity import GENERATIONS, TITLE_WORDS
from contacts.people.name_words import LEGAL_FORMS, PARTICLES
from contacts.people.streets import written_out
from contacts.text import WORDS, fold

APOSTROPHES = re.compile("['’ʼ`´]")
NUMBER = re.compile(r"\d+\s?[a-z]?\b")
BORN = frozenset(("geb", "geborene", "geborener", "nee", "born", "verh"))
SHORTEST_PHONE = 6


class NameWords(NamedTuple):
    """The folded words of a name, without titles and particles. `generation` is 1 for a senior, 2 for a junior."""

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    generation: int = 0


class Place(NamedTuple):
    """The parts of an address that are compared; `number` is the house number."""

    street: str = ""
    number: str = ""
    city: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """One record, ready for comparison. `given` and `family` are the words of each name joined without spaces."""

    name: NameWords
    given: str
    family: str
    nickname: str
    organisation: str
    emails: frozenset[str]
    phones: frozenset[str]
    links: frozenset[str]
    places: tuple[Place, ...]
    birthday: Birthday | None
    is_organisation: bool


def features_of(record: PersonRecord) -> Features:
    """Return the features of a record. An organisation's name counts as a family name."""
    name = _organisation_name(record) if record.is_organisation else _name(record)
    return Features(
        name=name,
        given="".join(name.given),
        family="".join(name.family),
        nickname="".join(words_of(record.nickname)),
        organisation=" ".join(_without(words_of(record.organisation), LEGAL_FORMS)),
        emails=frozenset(filter(None, (email.strip().casefold() for email in record.emails))),
        phones=frozenset(filter(None, map(_phone, record.phones))),
        links=frozenset(filter(None, (link.strip().casefold() for link in record.links))),
        places=tuple(dict.fromkeys(filter(_is_known, map(_place, record.addresses)))),
        birthday=record.birthday,
        is_organisation=record.is_organisation,
    )


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return WORDS.findall(fold(APOSTROPHES.sub("", text)))


def _without(words: list[str], unwanted: Iterable[str]) -> list[str]:
    """Return the words without the unwanted ones, or all words if none would remain."""
    return [word for word in words if word not in unwanted] or words


def _organisation_name(record: PersonRecord) -> NameWords:
    return NameWords(family=tuple(_without(words_of(f"{record.given_name} {record.family_name}"), LEGAL_FORMS)))


def _name(record: PersonRecord) -> NameWords:
    given, family = words_of(record.given_name), words_of(record.family_name)
    generations = [GENERATIONS[word] for word in given + family + words_of(record.suffix) if word in GENERATIONS]
    return NameWords(
        tuple(_without(_without(given, GENERATIONS), TITLE_WORDS)),
        tuple(_without(_without(family, GENERATIONS), TITLE_WORDS | PARTICLES | BORN)),
        generations[0] if generations else 0,
    )


def _phone(number: str) -> str:
    """Return the number as dialled within its country, without leading zeros; empty if it is too short."""
    number = number.partition("x")[0].strip()
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if number.startswith("+"):
        with suppress(phonenumbers.NumberParseException):
            number = str(phonenumbers.parse(number).national_number)
    digits = "".join(filter(str.isdecimal, number)).lstrip("0")
    return digits if len(digits) >= SHORTEST_PHONE else ""


def _is_known(place: Place) -> bool:
    return bool(place.street or place.city or place.postcode)


def _place(address: Address) -> Place:
    street = fold(APOSTROPHES.sub("", address.street))
    number = NUMBER.search(street)
    words = WORDS.findall(street.replace(number[0], " ", 1) if number else street)
    return Place(
        street="".join(_street_word(word) for word in words),
        number=number[0].replace(" ", "") if number else "",
        city="".join(_without(words_of(address.city), PARTICLES)),
        postcode="".join(words_of(address.postcode)).removeprefix("d"),
    )


def _street_word(word: str) -> str:
    return written_out(word) or word
