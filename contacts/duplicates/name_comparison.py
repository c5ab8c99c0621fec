"""Comparing names that may be misspelt, shortened, double or swapped."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from contacts.duplicates.features import Features, NameWords
from contacts.duplicates.findings import Finding, finding, weight
from contacts.duplicates.frequencies import Frequencies, shares_at_large
from contacts.duplicates.given_names import are_forms_of_one, is_known
from contacts.duplicates.phonetics import cologne_code
from contacts.duplicates.spelling import is_misspelling

Words = tuple[str, ...]
Findings = tuple[Finding, ...]

RARE_GIVEN_NAME, RARE_FAMILY_NAME = 0.0005, 0.0002
"""Share in the population of a name that is not among the common ones."""
INITIAL = 0.005
"""Share of stranger pairs in which one is known only by an initial that matches the other's name: 0.08 times 0.06."""
DOUBLE = 0.1
"""Share of stranger pairs in which exactly one is known by a double name."""
VARIANTS = 50
"""Number of ways in which a name is typically misspelt."""
MISSPELT_SHARE = 0.1
"""Share of stranger pairs with the same name in which exactly one is misspelt."""
CALLED_SHARE = 0.06
"""Share of stranger pairs with the same name in which exactly one goes by a form of it."""
SWAPPED_SHARE = 0.04
"""Share of people whose given and family names are swapped."""
SAME_INITIAL = finding("given_name_initial", INITIAL)
SAME, FORM, MISSPELT, SHORTENED, OTHER = range(5)


class NameComparison:
    """Comparison of the names in one network; each pair of names is compared once."""

    def __init__(self, people: Sequence[Features]) -> None:
        self._given = Frequencies(
            ((person.given, *person.name.given) for person in people),
            expected=RARE_GIVEN_NAME,
            known=shares_at_large("given"),
        )
        self._family = Frequencies(
            ((person.family, *person.name.family) for person in people),
            expected=RARE_FAMILY_NAME,
            known=shares_at_large("family"),
        )
        self._compared: dict[tuple[NameWords, NameWords], Findings] = {}
        self._given_compared: dict[tuple[Words, Words], Finding | None] = {}
        self._family_compared: dict[tuple[Words, Words], Finding | None] = {}

    def compare(self, one: Features, other: Features) -> Findings:
        """Return the findings about two names; none where a name is missing."""
        found = self._compare_names(one.name, other.name)
        if not _goes_by_the_name_of(one, other) and not _goes_by_the_name_of(other, one):
            return found
        form = finding("given_name_form", _form_share((self._share(one.given), self._share(other.given))))
        return tuple(form if each.kind == "other_given_name" else each for each in found)

    def _compare_names(self, one: NameWords, other: NameWords) -> Findings:
        key = (one, other)
        found = self._compared.get(key)
        if found is None:
            found = self._compared[key] = self._compare(one, other)
        return found

    def _compare(self, one: NameWords, other: NameWords) -> Findings:
        if _stands_alone(one) or _stands_alone(other):
            alone, named = (one, other) if _stands_alone(one) else (other, one)
            found = max(self._compare_parts(alone, named), self._compare_parts(_swapped(alone), named), key=weight)
        else:
            found = self._compare_parts(one, other)
        if all(each.one_person < 0 for each in found):
            crosswise = self._compare_crosswise(one, other)
            found = crosswise if crosswise and weight(crosswise) > weight(found) else found
        if one.generation != other.generation:
            found = (*found, finding("other_generation"))
        return found

    def _compare_crosswise(self, one: NameWords, other: NameWords) -> Findings:
        """Return the findings with the parts of the less plausible name swapped; none if nothing then agrees."""
        if self._order(other) < self._order(one):
            one, other = other, one
        found = self._compare_parts(_swapped(one), other)
        if not any(each.one_person > 0 for each in found):
            return ()
        # Strangers' names get swapped, too, or the two are simply different names.
        share = min(1.0, SWAPPED_SHARE + 2 ** self._order(one))
        return (finding("swapped_names", share), *found)

    def _order(self, name: NameWords) -> float:
        """Return how much likelier the name is in this order than the other way round, as a base-2 logarithm."""
        given, family = "".join(name.given), "".join(name.family)
        return self._leaning(given) - self._leaning(family)

    def _leaning(self, name: str) -> float:
        """Return how much likelier this is a given name than a family name, as a base-2 logarithm."""
        return log2(self._given[name] / self._family[name]) if name else 0.0

    def _compare_parts(self, one: NameWords, other: NameWords) -> Findings:
        given = self._compare_given(one.given, other.given)
        family = self._compare_family(one.family, other.family)
        return tuple(filter(None, (given, family)))

    def _compare_given(self, one: Words, other: Words) -> Finding | None:
        key = (one, other)
        if key not in self._given_compared:
            self._given_compared[key] = self._given_finding(one, other)
        return self._given_compared[key]

    def _compare_family(self, one: Words, other: Words) -> Finding | None:
        key = (one, other)
        if key not in self._family_compared:
            self._family_compared[key] = self._family_finding(one, other)
        return self._family_compared[key]

    def _share(self, name: str) -> float:
        """Return how common a name is as given or as family name, whichever is more: the two may be swapped."""
        return max(self._given[name], self._family[name])

    def _given_finding(self, one: Words, other: Words) -> Finding | None:
        if not one or not other:
            return None
        whole, other_whole = "".join(one), "".join(other)
        if whole == other_whole:
            return finding("same_given_name", self._share(whole)) if len(whole) > 1 else SAME_INITIAL
        fewer, more = sorted((one, other), key=len)
        worst = _worst(fewer, more, is_given=True)
        shares = self._share(whole), self._share(other_whole)
        if worst == SHORTENED:
            return SAME_INITIAL
        if worst == FORM:
            return finding("given_name_form", _form_share(shares) if len(one) == len(other) else max(shares))
        if worst == SAME and len(fewer) == len(more):
            return finding("same_given_name", max(shares))
        if worst == SAME:
            return finding("given_name_part", DOUBLE * self._share("".join(fewer)))
        if worst == MISSPELT or _is_misspelt_given(whole, other_whole):
            return finding("given_name_typo", _typo_share(shares))
        return finding("other_given_name")

    def _family_finding(self, one: Words, other: Words) -> Finding | None:
        if not one or not other:
            return None
        whole, other_whole = "".join(one), "".join(other)
        shares = self._share(whole), self._share(other_whole)
        if whole == other_whole or set(one) == set(other):
            return finding("same_family_name", max(shares))
        fewer, more = sorted((one, other), key=len)
        worst = _worst(fewer, more, is_given=False)
        if worst == SAME:
            return finding("family_name_part", DOUBLE * self._share("".join(fewer)))
        if worst == SHORTENED:
            return finding("family_name_initial", INITIAL)
        if worst == MISSPELT or _is_misspelt_family(whole, other_whole):
            return finding("family_name_typo", _typo_share(shares))
        return finding("other_family_name")


def _worst(fewer: Words, more: Words, *, is_given: bool) -> int:
    """Return the worst likeness with which the words of the shorter name are found in the longer one."""
    if len(more) == 1:
        return _likeness(fewer[0], more[0], is_given=is_given)
    left = list(more)
    worst = SAME
    # Match whole words first, so that an initial does not use up one that another word needs.
    for word in sorted(fewer, key=len, reverse=True):
        likeness, match = min((_likeness(word, candidate, is_given=is_given), candidate) for candidate in left)
        left.remove(match)
        worst = max(worst, likeness)
    return worst


def _likeness(one: str, other: str, *, is_given: bool) -> int:
    if one == other:
        return SAME
    if min(len(one), len(other)) == 1:
        return SHORTENED if one[0] == other[0] else OTHER
    if is_given and are_forms_of_one(one, other):
        return FORM
    is_misspelt = _is_misspelt_given if is_given else _is_misspelt_family
    return MISSPELT if is_misspelt(one, other) else OTHER


def _is_misspelt_given(one: str, other: str) -> bool:
    return not (is_known(one) and is_known(other)) and is_misspelling(one, other)


def _is_misspelt_family(one: str, other: str) -> bool:
    """Return whether one family name may be a misspelling of the other.

    Two different common names are two names (Hartmann, Herrmann), unless they sound alike (Meier, Mayer).
    """
    common = shares_at_large("family")
    if one in common and other in common and cologne_code(one) != cologne_code(other):
        return False
    return is_misspelling(one, other)


def _typo_share(shares: tuple[float, float]) -> float:
    """Return the share of stranger pairs whose names differ this little, given how common both names are.

    Either the rarer name is correct, which a misspelling would produce only once in VARIANTS times; or both people have
    the commoner name, and one is misspelt.
    """
    return min(1.0, VARIANTS * min(shares) + MISSPELT_SHARE * max(shares))


def _form_share(shares: tuple[float, float]) -> float:
    """Return the share of stranger pairs with these two forms of a name: two names, or a name and its form."""
    return min(shares) + CALLED_SHARE * max(shares)


def _goes_by_the_name_of(one: Features, other: Features) -> bool:
    """Return whether the nickname of one is the given name or nickname of the other."""
    return bool(one.nickname) and one.nickname in (other.given, other.nickname)


def _stands_alone(name: NameWords) -> bool:
    """Return whether only one part of the name is known, which may be either."""
    return bool(name.given) != bool(name.family)


def _swapped(name: NameWords) -> NameWords:
    return name._replace(given=name.family, family=name.given)
