"""Made-up people in address books, some of them recorded more than once, with variations and mistakes.

There are families at one address, twins, fathers and sons with the same name, and strangers with the same name, all of
which can mislead a search for duplicates. The same seed always gives the same people.
"""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

TAKEN_TWICE = 0.25
"""Share of people who are recorded more than once."""
WITH_FAMILY = 0.15
"""Share of people whose relatives are in the book too."""


@dataclass(frozen=True)
class Country:
    """The parts that names, streets and cities are made of, most common first."""

    given: Sequence[str]
    family: Sequence[str]
    family_beginnings: Sequence[str]
    family_ends: Sequence[str]
    streets: Sequence[str]
    short_forms: Mapping[str, str]
    titles: Sequence[str]
    street_spellings: Sequence[tuple[str, str]]
    cities: Mapping[str, str]
    house: str
    mail_hosts: Sequence[str]
    mobile: str
    landline: str


def country(language: str) -> Country:
    """Return the names, streets and cities that go with a language ("de" or "en")."""
    values = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[language]
    lists = ("given", "family", "family_beginnings", "family_ends", "streets")
    return Country(**values | {name: values[name].split() for name in lists})


@dataclass(frozen=True)
class Entry:
    """One entry of an address book."""

    given: str
    family: str
    street: str
    city: str
    postcode: str
    phone: str
    email: str
    birthday: str

    def row(self, number: int, person: int) -> dict[str, str]:
        """Return the entry in the format that bench/duplicates.py reads."""
        return {"id": str(number), **vars(self), "cluster": str(person)}


def generate(count: int, language: str = "de", seed: int = 1) -> list[dict[str, str]]:
    """Return the rows of an address book of `count` entries in random order. `cluster` identifies the person."""
    writer = Writer(country(language), random.Random(seed))
    entries: list[tuple[Entry, int]] = []
    person = 0
    while len(entries) < count:
        for entry in writer.household():
            person += 1
            entries.append((entry, person))
            entries += [(writer.written_again(entry), person) for _copy in range(writer.copies())]
    del entries[count:]
    writer.chance.shuffle(entries)
    return [entry.row(number, person) for number, (entry, person) in enumerate(entries)]


class Writer:
    """Makes up people of one country, and duplicate records of them."""

    def __init__(self, country: Country, chance: random.Random) -> None:
        self.country = country
        self.chance = chance
        self._families = [
            *country.family,
            *(f"{one}{other}" for one in country.family_beginnings for other in country.family_ends),
        ]
        # Each common name is frequent; all others are equally rare.
        self._family_weights = [
            1 / (4 + rank) if rank < len(country.family) else 0.01 for rank in range(len(self._families))
        ]
        self._mailboxes: Counter[str] = Counter()
        self._given_weights = [1 / (15 + rank) for rank in range(len(country.given))]

    def copies(self) -> int:
        """Return the number of additional records of a person."""
        return self.chance.choice((1, 1, 1, 2, 3)) if self.chance.random() < TAKEN_TWICE else 0

    def household(self) -> list[Entry]:
        """Return a person, sometimes with relatives: spouse, children, twins, or a father and son of the same name."""
        first = self._person()
        if self.chance.random() >= WITH_FAMILY:
            return [first]
        relatives: list[Entry] = []
        for _relative in range(self.chance.choice((1, 1, 2, 3))):
            relatives.append(self._relative(first, {first.given, *(relative.given for relative in relatives)}))
        if len(relatives) > 1 and self.chance.random() < 0.2:
            relatives[1] = replace(relatives[1], birthday=relatives[0].birthday)
        return [first, *relatives]

    def written_again(self, entry: Entry) -> Entry:
        """Return the same person as recorded by somebody else, with one to four differences."""
        for change in self.chance.choices(CHANGES, weights=CHANGE_WEIGHTS, k=self.chance.choice((1, 1, 2, 2, 3, 4))):
            entry = change(self, entry)
        return entry

    def given(self) -> str:
        return self.chance.choices(self.country.given, self._given_weights)[0]

    def family(self) -> str:
        return self.chance.choices(self._families, self._family_weights)[0]

    def street(self) -> str:
        name = self.chance.choice(self.country.streets).replace("_", " ")
        return self.country.house.format(street=name, number=self.chance.randint(1, 120))

    def city(self) -> tuple[str, str]:
        """Return a city and one of its postcodes; the first cities are the largest."""
        weights = [1 / (3 + rank) for rank in range(len(self.country.cities))]
        city, prefix = self.chance.choices(list(self.country.cities.items()), weights)[0]
        return city, f"{prefix}{self.chance.randint(0, 99) * 37 % 1000:03}"

    def email(self, given: str, family: str) -> str:
        one, other = (ascii_of(name).lower().replace(" ", "") for name in (given, family))
        mailbox = self.chance.choice(
            (f"{one}.{other}", f"{one[:1]}.{other}", f"{one}{self.chance.randint(1, 99)}", other)
        )
        host = self.chance.choice(self.country.mail_hosts)
        # An address belongs to one person; later ones get a number.
        self._mailboxes[f"{mailbox}@{host}"] += 1
        taken = self._mailboxes[f"{mailbox}@{host}"] - 1
        return f"{mailbox}{taken or ''}@{host}"

    def phone(self, pattern: str) -> str:
        return pattern.format(self.chance.randint(1, 9), self.chance.randint(1_000_000, 9_999_999))

    def misspelt(self, word: str) -> str:
        """Return the word with one letter dropped, doubled, swapped with the next, or replaced."""
        if len(word) < 3:
            return word
        at = self.chance.randrange(1, len(word) - 1)
        letter = self.chance.choice("aeinrstl")
        return self.chance.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + letter + word[at + 1 :],
            )
        )

    def _person(self) -> Entry:
        given, family = self.given(), self.family()
        city, postcode = self.city()
        return Entry(
            given=given,
            family=family,
            street=self._unless(0.15, self.street()),
            city=self._unless(0.05, city),
            postcode=self._unless(0.1, postcode),
            phone=self._unless(0.3, self.phone(self.country.mobile)),
            email=self._unless(0.3, self.email(given, family)),
            birthday=self._unless(0.5, self._birthday()),
        )

    def _relative(self, entry: Entry, others: Set[str]) -> Entry:
        """Return a person at the address of `entry`, with a given name that nobody else in the household has."""
        given = self.given()
        while given in others:
            given = self.given()
        if self.chance.random() < 0.03:
            given = f"{entry.given} jun."
        shares_phone, shares_email = self.chance.random() < 0.3, self.chance.random() < 0.1
        return replace(
            entry,
            given=given,
            family=self.family() if self.chance.random() < 0.1 else entry.family,
            phone=entry.phone if shares_phone else self._unless(0.3, self.phone(self.country.mobile)),
            email=entry.email if shares_email else self._unless(0.3, self.email(given, entry.family)),
            birthday=self._unless(0.5, self._birthday()),
        )

    def _birthday(self) -> str:
        return (date(1940, 1, 1) + timedelta(days=self.chance.randrange(60 * 365))).strftime("%Y%m%d")

    def _unless(self, probability: float, text: str) -> str:
        return "" if self.chance.random() < probability else text


def ascii_of(text: str) -> str:
    """Return the text in ASCII, with umlauts written as two letters and other accents dropped."""
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        text = text.replace(umlaut, letters)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _retyped(writer: Writer, entry: Entry) -> Entry:
    field = writer.chance.choice(("given", "family", "street", "city"))
    return replace(entry, **{field: writer.misspelt(getattr(entry, field))})


def _without_umlauts(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=ascii_of(entry.given), family=ascii_of(entry.family), city=ascii_of(entry.city))


def _in_other_case(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=entry.given.upper(), family=entry.family.upper())


def _respelt_street(writer: Writer, entry: Entry) -> Entry:
    long, short = writer.chance.choice(writer.country.street_spellings)
    return replace(entry, street=entry.street.replace(long, short))


def _with_title(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=f"{writer.chance.choice(writer.country.titles)} {entry.given}")


def _by_short_form(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=writer.country.short_forms.get(entry.given, entry.given.partition("-")[0]))


def _by_initial(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=f"{entry.given[:1]}.")


def _with_second_name(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=f"{entry.given} {writer.given()}")


def _married(writer: Writer, entry: Entry) -> Entry:
    new = writer.family()
    return replace(entry, family=writer.chance.choice((new, f"{entry.family}-{new}", f"{new}-{entry.family}")))


def _swapped(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, given=entry.family, family=entry.given)


def _moved(writer: Writer, entry: Entry) -> Entry:
    city, postcode = writer.city()
    return replace(entry, street=writer.street(), city=city, postcode=postcode)


def _with_other_number(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, phone=writer.phone(writer.chance.choice((writer.country.mobile, writer.country.landline))))


def _with_other_email(writer: Writer, entry: Entry) -> Entry:
    return replace(entry, email=writer.email(entry.given, entry.family))


def _with_less(writer: Writer, entry: Entry) -> Entry:
    """Keep only some of the details, as a phone or a business network would."""
    kept = writer.chance.choice(
        (("phone",), ("email",), ("email", "city"), ("street", "city", "postcode"), ("phone", "city"))
    )
    lost = {"street", "city", "postcode", "phone", "email", "birthday"} - set(kept)
    return replace(entry, **dict.fromkeys(lost, ""))


def _as_dialled_at_home(writer: Writer, entry: Entry) -> Entry:
    """Write the phone number as dialled within the country: a 0 in place of the country code."""
    return replace(entry, phone=f"0{entry.phone[4:].replace(' ', '')}" if entry.phone else "")


CHANGES: Sequence[Callable[[Writer, Entry], Entry]] = (
    _retyped,
    _without_umlauts,
    _in_other_case,
    _respelt_street,
    _with_title,
    _by_short_form,
    _by_initial,
    _with_second_name,
    _married,
    _swapped,
    _moved,
    _with_other_number,
    _with_other_email,
    _with_less,
    _as_dialled_at_home,
)
CHANGE_WEIGHTS = (30, 10, 5, 12, 6, 6, 4, 4, 4, 4, 8, 8, 8, 15, 8)
