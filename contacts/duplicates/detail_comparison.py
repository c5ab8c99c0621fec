"""Comparing ways to reach, birthdays and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_set_ratio

from contacts.duplicates.features import Features
from contacts.duplicates.findings import Finding, finding
from contacts.duplicates.frequencies import Frequencies
from contacts.duplicates.records import Birthday
from contacts.text import fold

UNIQUE = 0.00001
"""Expected share of a value that usually belongs to one person or household; no single match counts for more."""
RARE_ORGANISATION = 0.001
DAY_WITH_YEAR, DAY_OF_YEAR = 0.00005, 1 / 365
"""Share of strangers born on a given day, with and without the year."""
NEW_YEAR = (1, 1)
NEW_YEARS = 0.2
"""Share of strangers born on 1 January in files that use it for unknown days."""
SHORTEST_MAILBOX = 5
SAME_ORGANISATION = 90


class DetailComparison:
    """Comparison of everything in the records of one network except names and addresses."""

    def __init__(self, people: Sequence[Features]) -> None:
        self._emails = Frequencies((person.emails for person in people), expected=UNIQUE)
        self._phones = Frequencies((person.phones for person in people), expected=UNIQUE)
        self._links = Frequencies((person.links for person in people), expected=UNIQUE)
        self._organisations = Frequencies(((person.organisation,) for person in people), expected=RARE_ORGANISATION)

    def compare(self, one: Features, other: Features) -> Iterator[Finding]:
        """Yield the findings for the details that both records have."""
        if one.emails and other.emails:
            yield from self._compare_emails(one, other)
        if one.phones and other.phones:
            yield self._compare_phones(one.phones, other.phones)
        if one.links and other.links and (shared := one.links & other.links):
            yield finding("same_link", _rarest(self._links, shared))
        if one.birthday and other.birthday:
            yield from _compare_birthdays(one.birthday, other.birthday)
        if one.organisation and other.organisation:
            yield self._compare_organisations(one.organisation, other.organisation)

    def _compare_emails(self, one: Features, other: Features) -> Iterator[Finding]:
        if shared := one.emails & other.emails:
            yield finding("same_email", _rarest(self._emails, shared))
        elif similar := [(a, b) for a in one.emails for b in other.emails if _are_similar(a, b)]:
            # Mailboxes that are both named after their owners say no more than the names, and don't count against a
            # match.
            if not any(_is_named_after(a, one) and _is_named_after(b, other) for a, b in similar):
                yield finding("similar_email")
        else:
            yield finding("other_email")

    def _compare_phones(self, some: frozenset[str], others: frozenset[str]) -> Finding:
        if shared := some & others:
            return finding("same_phone", _rarest(self._phones, shared))
        is_similar = any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in some for b in others)
        return finding("similar_phone" if is_similar else "other_phone")

    def _compare_organisations(self, one: str, other: str) -> Finding:
        if one == other or token_set_ratio(one, other) >= SAME_ORGANISATION:
            return finding("same_organisation", max(self._organisations[one], self._organisations[other]))
        return finding("other_organisation")


def _rarest(frequencies: Frequencies, shared: Iterable[str]) -> float:
    return max(UNIQUE, min(frequencies[value] for value in shared))


def _are_similar(one: str, other: str) -> bool:
    """Return whether two addresses differ by a letter, or only by what follows the @."""
    mailbox, _at, _host = one.partition("@")
    is_same_mailbox = len(mailbox) >= SHORTEST_MAILBOX and other.startswith(f"{mailbox}@")
    return is_same_mailbox or OSA.distance(one, other, score_cutoff=1) <= 1


def _is_named_after(email: str, person: Features) -> bool:
    mailbox = fold(email.partition("@")[0])
    return any(word in mailbox for word in (*person.name.given, *person.name.family) if len(word) > 2)


def _compare_birthdays(one: Birthday, other: Birthday) -> Iterator[Finding]:
    """Yield the findings about two birthdays.

    1 January says little, because many programs write it for an unknown day.
    """
    is_placeholder = NEW_YEAR in (one[1:], other[1:])
    if one[0] is None or other[0] is None:
        if one[1:] == other[1:]:
            yield finding("same_birthday", NEW_YEARS if is_placeholder else DAY_OF_YEAR)
        elif not is_placeholder:
            yield finding("other_birthday")
        return
    if one == other:
        yield finding("same_birthday", NEW_YEARS if is_placeholder else DAY_WITH_YEAR)
        return
    is_swapped = (one[0], one[1], one[2]) == (other[0], other[2], other[1])
    is_similar = is_swapped or OSA.distance(_digits(one), _digits(other), score_cutoff=1) <= 1
    if one[0] != other[0] or not is_placeholder:
        yield finding("similar_birthday" if is_similar and not is_placeholder else "other_birthday")


def _digits(birthday: Birthday) -> str:
    return "{:04}{:02}{:02}".format(*birthday)
