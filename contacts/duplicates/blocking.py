"""Selecting the pairs of records worth comparing, those that share a key, so that the work does not grow quadratically.

Blocking and the sorted neighbourhood: P. Christen, "Data Matching", Springer, 2012, chapter 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from rapidfuzz.distance import Indel

from contacts.duplicates.features import Features
from contacts.duplicates.phonetics import cologne_code

LARGEST_BLOCK, LARGEST_COARSE_BLOCK = 40, 6
"""Maximum records per key: a key that more records share says too little, and other keys find those pairs."""
NEIGHBOURS = 4
LIKENESS = 0.7
"""Minimum similarity of the names of neighbours that are compared, from 0 to 1."""
BEGINNING = 5
"""Leading letters of a street that are compared, so that the rest may be misspelt."""
Pair = tuple[int, int]


def candidate_pairs(people: Sequence[Features]) -> set[Pair]:
    """Return pairs of positions, the lower first, of records that share a key or are neighbours when sorted."""
    pairs = _sharing(people, _keys, LARGEST_BLOCK, refined=True) | _sharing(people, _coarse_keys, LARGEST_COARSE_BLOCK)
    for order in ORDERS:
        pairs.update(_neighbours(people, order))
    return pairs


def _sharing(
    people: Sequence[Features],
    keys_of: Callable[[Features], Iterator[Hashable]],
    largest: int,
    *,
    refined: bool = False,
) -> set[Pair]:
    """Return the pairs that share a key that at most `largest` records have.

    If `refined`, records with a more frequent key are also paired if they share something else as well.
    """
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in set(keys_of(person)):
            blocks[key].append(place)
    small = [block for block in blocks.values() if 1 < len(block) <= largest]
    if refined:
        small += [part for block in blocks.values() if len(block) > largest for part in _parts(people, block, largest)]
    return {(one, other) for block in small for at, one in enumerate(block) for other in block[at + 1 :]}


def _parts(people: Sequence[Features], block: Sequence[int], largest: int) -> Iterator[list[int]]:
    """Yield those parts of a large block whose records share something else, if they are small enough."""
    parts: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place in block:
        for detail in set(_details(people[place])):
            parts[detail].append(place)
    return (part for part in parts.values() if 1 < len(part) <= largest)


def _details(person: Features) -> Iterator[Hashable]:
    yield from (("given", word) for word in person.name.given)
    yield from (("family", cologne_code(word)) for word in person.name.family)
    if person.birthday:
        yield ("birthday", person.birthday)
    for place in person.places:
        yield from (("place", part) for part in (place.city, place.postcode, place.street) if part)


def _keys(person: Features) -> Iterator[Hashable]:
    yield from (("email", email) for email in person.emails)
    yield from (("phone", phone) for phone in person.phones)
    yield from (("link", link) for link in person.links)
    given_words, family_words = person.name.given, person.name.family
    given_sounds = {cologne_code(word) for word in given_words}
    family_sounds = {cologne_code(word) for word in family_words}
    for given in given_sounds:
        for family in family_sounds:
            # Sorted, so that swapped names get the same key.
            yield ("sounds", *sorted((given, family)))
    for given_word in filter(None, (*given_words, person.nickname)):
        for family_word in family_words:
            yield ("beginning", given_word, family_word[:2])
            yield ("beginning", family_word, given_word[:2])
    if person.birthday:
        yield ("birthday", person.birthday)
        year, month, day = person.birthday
        for sound in given_sounds | family_sounds:
            # Two of the three suffice, because the other may be wrong.
            yield from (("day", month, day, sound), ("month", year, month, sound), ("year", year, day, sound))
        for local in {part for place in person.places for part in (place.city, place.postcode) if part}:
            yield from (("day", month, day, local), ("month", year, month, local), ("year", year, day, local))
    names = _roles(person)
    for place in person.places:
        yield from (("postcode", place.postcode, name) for name in names if place.postcode)
        for local in filter(None, (place.city, place.street)):
            yield from (("local", local, sound, word[0]) for sound in family_sounds for word in given_words)
        if place.street and place.postcode:
            yield ("street", place.street[:BEGINNING], place.postcode)
        if place.postcode:
            yield from (("near", place.postcode, word[:3]) for word in (*given_words, *family_words))
        if place.number and place.postcode:
            yield from (("number", place.number, place.postcode, name[0]) for name in names if name)
    if person.organisation:
        yield from (("organisation", person.organisation, name) for name in names)


def _roles(person: Features) -> set[str]:
    """Return the given names as they are written and the family names as they sound.

    A single name is returned as both, because it may be either.
    """
    given, family = person.name.given, person.name.family
    if given and family:
        return {*given, *map(cologne_code, family)}
    return {*given, *family, *map(cologne_code, (*given, *family))}


def _coarse_keys(person: Features) -> Iterator[Hashable]:
    """Yield keys that are only distinctive in a small address book, or where the rest is misspelt."""
    for given_word in person.name.given:
        for family_word in person.name.family:
            yield ("initial", given_word, family_word[0])
            yield ("initial", family_word, given_word[0])
    names = _roles(person)
    for place in person.places:
        yield from (("local", local, name) for local in (place.city, place.street) if local for name in names)
        yield from (("number", place.number, local) for local in (place.city, place.postcode) if local)
        if place.street and place.number:
            yield ("house", place.street[:BEGINNING], place.number)
        if place.street and place.city:
            yield ("street", place.street[:BEGINNING], place.city)


def _neighbours(people: Sequence[Features], order: Callable[[Features], str]) -> Iterator[Pair]:
    """Yield each record paired with the next few similar ones in sort order; records without a key are left out."""
    keyed = sorted((key, place) for place, person in enumerate(people) if (key := order(person)))
    for at, (key, one) in enumerate(keyed):
        for other_key, other in keyed[at + 1 : at + 1 + NEIGHBOURS]:
            if Indel.normalized_similarity(key, other_key, score_cutoff=LIKENESS):
                yield (one, other) if one < other else (other, one)


ORDERS: tuple[Callable[[Features], str], ...] = (
    lambda person: f"{person.family} {person.given}" if person.family and person.given else "",
    lambda person: f"{person.given} {person.family}" if person.family and person.given else "",
    lambda person: f"{person.family[::-1]} {person.given}" if person.family and person.given else "",
)
