"""Comparing addresses: streets (misspelt or abbreviated), cities and postcodes."""

from __future__ import annotations

from collections.abc import Sequence

from contacts.duplicates.features import Features, Place
from contacts.duplicates.findings import Finding, finding, weight
from contacts.duplicates.frequencies import Frequencies
from contacts.duplicates.spelling import is_misspelling

Findings = tuple[Finding, ...]

RARE_HOUSE, RARE_STREET, RARE_CITY, RARE_POSTCODE = 0.00005, 0.0005, 0.02, 0.003
"""Share of the population at a given address, street, city or postcode."""


class PlaceComparison:
    """Comparison of the addresses in one network; each pair of addresses is compared once."""

    def __init__(self, people: Sequence[Features]) -> None:
        places = [person.places for person in people]
        self._houses = Frequencies(
            ((_house(place) for place in some if place.number) for some in places), expected=RARE_HOUSE
        )
        self._streets = Frequencies(((place.street for place in some) for some in places), expected=RARE_STREET)
        self._cities = Frequencies(((place.city for place in some) for some in places), expected=RARE_CITY)
        self._postcodes = Frequencies(((place.postcode for place in some) for some in places), expected=RARE_POSTCODE)
        self._compared: dict[tuple[Place, Place], Findings] = {}

    def compare(self, some: Sequence[Place], others: Sequence[Place]) -> Findings:
        """Return the findings about the two most similar addresses; none if there is nothing to compare."""
        if len(some) == 1 and len(others) == 1:
            return self._compare_two(some[0], others[0])
        pairs = [self._compare_two(one, other) for one in some for other in others]
        return max(filter(None, pairs), key=weight, default=())

    def _compare_two(self, one: Place, other: Place) -> Findings:
        key = (one, other)
        found = self._compared.get(key)
        if found is None:
            streets, cities = self._compare_streets(one, other), self._compare_cities(one, other)
            found = self._compared[key] = _moved(streets, cities) or (*streets, *cities)
        return found

    def _compare_streets(self, one: Place, other: Place) -> Findings:
        if not one.street or not other.street:
            return ()
        is_other_number = bool(one.number and other.number and one.number != other.number)
        if one.street == other.street:
            if one.number and one.number == other.number:
                return (finding("same_street_and_number", self._houses[_house(one)]),)
            return (finding("same_street", self._streets[one.street]),)
        if is_misspelling(one.street, other.street):
            return () if is_other_number else (finding("similar_street"),)
        return (finding("other_street"),)

    def _compare_cities(self, one: Place, other: Place) -> Findings:
        """Compare cities and postcodes, which give nearly the same information.

        Only the weightier finding counts, unless the two contradict each other.
        """
        if one.postcode and one.postcode == other.postcode:
            return (finding("same_postcode", self._postcodes[one.postcode]),)
        is_other_postcode = bool(one.postcode and other.postcode) and not is_misspelling(one.postcode, other.postcode)
        contradiction = (finding("other_postcode"),) if is_other_postcode else ()
        if not one.city or not other.city:
            return contradiction
        if one.city == other.city:
            return (finding("same_city", self._cities[one.city]), *contradiction)
        if is_misspelling(one.city, other.city):
            return (finding("similar_city"), *contradiction)
        return (finding("other_city"),)


def _moved(streets: Findings, cities: Findings) -> Findings:
    """Return one finding for somebody who moved, so that street, city and postcode count against a match only once."""
    kinds = {each.kind for each in cities}
    if kinds and kinds <= {"other_city", "other_postcode"} and all(each.kind == "other_street" for each in streets):
        return (finding("other_address"),)
    return ()


def _house(place: Place) -> str:
    return f"{place.street} {place.number}"
