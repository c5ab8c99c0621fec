"""Which records are worth comparing: those that share a key. So the work grows with the network, not with its square.

Blocking and the sorted neighbourhood: P. Christen, "Data Matching", Springer, 2012, chapter 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from contacts.duplicates.features import Features
from contacts.duplicates.phonetics import cologne_code

LARGEST_BLOCK = 40
"""A key that more records share tells nobody apart; other keys find the pairs among them."""
NEIGHBOURS = 4
BEGINNING = 5
Pair = tuple[int, int]


def candidate_pairs(people: Sequence[Features]) -> set[Pair]:
    """Pairs of positions, the lower first, of records that share a key or stand side by side when sorted."""
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in set(_keys(person)):
            blocks[key].append(place)
    pairs: set[Pair] = set()
    for block in blocks.values():
        if len(block) <= LARGEST_BLOCK:
            pairs.update((one, other) for at, one in enumerate(block) for other in block[at + 1 :])
    for order in ORDERS:
        pairs.update(_neighbours(people, order))
    return pairs


def _keys(person: Features) -> Iterator[Hashable]:
    yield from (("email", email) for email in person.emails)
    yield from (("phone", phone) for phone in person.phones)
    yield from (("link", link) for link in person.links)
    given_words, family_words = person.name.given, person.name.family
    given_sounds = {cologne_code(word) for word in given_words}
    family_sounds = {cologne_code(word) for word in family_words}
    for given in given_sounds:
        for family in family_sounds:
            # In one order, so that swapped names meet.
            yield ("sounds", *sorted((given, family)))
    for family_word in family_words:
        yield from (("initial", word[0], family_word) for word in given_words)
    for given_word in given_words:
        yield from (("beginning", given_word, word[:2]) for word in family_words)
    if person.birthday:
        yield ("birthday", person.birthday)
        yield from (("day", person.birthday[1:], sound) for sound in given_sounds | family_sounds)
    for place in person.places:
        names = (*given_words, *family_sounds)
        yield from (("postcode", place.postcode, name) for name in names if place.postcode)
        yield from (("city", place.city, name) for name in names if place.city)
        yield from (("street", place.street, name) for name in names if place.street)
        if place.street and place.number:
            yield ("house", place.street[:BEGINNING], place.number)
        if place.number and place.postcode:
            yield from (("number", place.number, place.postcode, name[0]) for name in names if name)
    if person.organisation:
        yield from (("organisation", person.organisation, name) for name in (*given_words, *family_sounds))


def _neighbours(people: Sequence[Features], order: Callable[[Features], str]) -> Iterator[Pair]:
    """Each record with the next few when all are sorted; records that the order says nothing of are left out."""
    keyed = sorted((key, place) for place, person in enumerate(people) if (key := order(person)))
    for at, (_key, one) in enumerate(keyed):
        for _other_key, other in keyed[at + 1 : at + 1 + NEIGHBOURS]:
            yield (one, other) if one < other else (other, one)


ORDERS: tuple[Callable[[Features], str], ...] = (
    lambda person: f"{person.family} {person.given}" if person.family else "",
    lambda person: f"{person.given} {person.family}" if person.given else "",
    lambda person: f"{person.family[::-1]} {person.given}" if person.family else "",
)
