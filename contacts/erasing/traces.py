"""Finding people in texts by their traces: their identifiers, full names, and ways to reach them.

Names and ways shared with the member or with anybody else in the network do not identify a person, and are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import phonenumbers
from allauth.account.models import EmailAddress
from django.db.models import Q

from contacts.models import Contact, Network, WayToReach
from contacts.people.names import compose_name, sortable_name

Kind = WayToReach.Kind

GONE = "…"
"""Replacement for a name that was removed from a text."""
LETTER = r"[^\W\d_]"
TOKEN = re.compile(rf"{LETTER}+|\d+")
ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|["\\/bfnrt])')
"""An escaped character in JSON; its group is the hexadecimal code of a character that has no short escape."""
NUMBER = re.compile(r"\d(?:[^\w\n]{0,3}\d)+")
"""Digits that may be one phone number, however it is divided."""
SEPARATOR = r"[^0-9A-Za-z]{0,3}"
DIGITS_COMPARED = 6
"""Final digits of a phone number by which texts are preselected before all its digits are compared.

Numbers with fewer digits are searched for as text.
"""
SIGN = "So"
"""The Unicode category of symbols such as emojis. Punctuation, as in "?", occurs in any text and identifies nobody."""
JOINED_BEFORE = "(?<!\u200d)"
JOINED_BEHIND = "(?![\u200d\U0001f3fb-\U0001f3ff])"
"""A position at which an emoji is not part of a larger one: no joiner next to it, and no skin tone after it."""
UNSEEN = str.maketrans({"ı": "i", "\ufe0e": None, "\ufe0f": None})
"""Removed or replaced in plain texts: the dotless "i", whose capital is also "I", and emoji presentation selectors."""
DOTS = re.compile("(?<=i)\u0307+")
"""The combining dot that case folding leaves of the capital "İ"."""


class Named(NamedTuple):
    """A name and its folded form, by which lists are ordered. Names with equal forms are considered equal."""

    text: str
    folded: str


def plain(text: str) -> str:
    """Return the text without case distinctions: "Straße" and "STRASSE" are equal, as are "İ", "I", "ı" and "i"."""
    return DOTS.sub("", text.casefold().translate(UNSEEN))


def _origins(text: str) -> Sequence[int]:
    """Return the index in the text of the origin of each character of `plain(text)`, then the text's length."""
    if text.isascii():
        return range(len(text) + 1)
    origins: list[int] = []
    before = ""
    for at, letter in enumerate(text):
        letters = plain(f"{before}{letter}")[len(before) :]
        origins += [at] * len(letters)
        before = letters[-1:] or before
    return [*origins, len(text)]


def _without(text: str, expression: str) -> str:
    """Return the text with GONE in place of everything that matches the expression in its plain form."""
    pieces, end, origins = [], 0, _origins(text)
    for found in re.finditer(expression, plain(text)):
        pieces += [text[end : origins[found.start()]], GONE]
        end = max(origins[found.end() - 1] + 1, origins[found.end()])
    return "".join(pieces) + text[end:]


class Traces:
    """Regular expressions for everything that names a set of people, to be tried on plain texts.

    There may be hundreds of people and thousands of texts, so an expression is only tried on texts that contain its
    longest word, or the last digits of its number.
    """

    def __init__(self, uuids: Iterable[UUID], names: Iterable[str], ways: Iterable[tuple[str, str]]) -> None:
        """Compile the expressions. `ways` are pairs of a kind (email, phone, link, address) and a text."""
        self.uuids = frozenset(str(each) for each in uuids)
        self._by_token: defaultdict[str, set[str]] = defaultdict(set)
        self._by_sign: defaultdict[str, set[str]] = defaultdict(set)
        self._by_digits: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.uuids:
            self._add(each)
            self._add(each.replace("-", ""))
        for name in names:
            # Apple's programs write "é" as a letter and an accent, keyboards as one character.
            for form in ("NFC", "NFD"):
                # Names are also found in "_Anna Weber_" and "Anna Weber2.vcf".
                self._add(unicodedata.normalize(form, name), border=r"\w" if re.search(r"\d", name) else LETTER)
        for kind, text in ways:
            if kind == Kind.PHONE and (digits := _national_digits(text)):
                self._by_digits[digits[-DIGITS_COMPARED:]].add(rf"{SEPARATOR.join(digits)}(?!\d)")
            else:
                self._add(text)

    def are_in(self, text: str) -> bool:
        """Return whether the text names any of these people."""
        text = plain(text)
        return any(re.search(each, text) for each in self._candidates(text))

    def may_be_in(self, text: str) -> bool:
        """Return whether a text, such as JSON as stored, may name any of them and needs a closer look."""
        if "\\" in text:
            # It may also be plain text, in which a backslash does not begin an escape.
            text = f"{text}\n{_unescaped(text)}"
        return any(self._candidates(plain(text)))

    def are_anywhere_in(self, value: Any) -> bool:
        """Return whether any text in a JSON value names any of these people."""
        return any(self.are_in(text) for text in _texts(value))

    def taken_out_of(self, value: Any) -> Any:
        """Return the JSON value with GONE in place of everything that names one of these people."""
        if isinstance(value, str):
            for each in self._candidates(plain(value)):
                value = _without(value, each)
            return value
        if isinstance(value, Mapping):
            return {self.taken_out_of(key): self.taken_out_of(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.taken_out_of(each) for each in value]
        return value

    def _add(self, text: str, border: str = r"\w") -> None:
        """Search for a text where no character of the class `border` is next to it.

        Between its words, any whitespace matches. A text without letters and digits is searched for if it has a symbol,
        such as an emoji.
        """
        text = plain(text)
        expression = r"\s+".join(re.escape(word) for word in text.split())
        if tokens := TOKEN.findall(text):
            self._by_token[max(tokens, key=len)].add(rf"(?<!{border}){expression}(?!{border})")
        elif signs := [letter for letter in text if unicodedata.category(letter) == SIGN]:
            self._by_sign[signs[0]].add(f"{JOINED_BEFORE}{expression}{JOINED_BEHIND}")

    def _candidates(self, text: str) -> Iterator[str]:
        """Yield the expressions that may match the plain text, the longest first."""
        found: set[str] = set()
        for token in {*TOKEN.findall(text)} & self._by_token.keys():
            found |= self._by_token[token]
        if self._by_sign:
            for sign in {*text} & self._by_sign.keys():
                found |= self._by_sign[sign]
        if self._by_digits:
            for number in NUMBER.findall(text):
                digits = "".join(filter(str.isdigit, number))
                windows = {digits[at : at + DIGITS_COMPARED] for at in range(len(digits) - DIGITS_COMPARED + 1)}
                for window in windows & self._by_digits.keys():
                    found |= self._by_digits[window]
        yield from sorted(found, key=len, reverse=True)


def traces_of(network: Network, contact_ids: Collection[int]) -> Traces:
    """Return the traces that name these contacts, or contacts merged into them, but nobody else in the network."""
    people = list(network.contacts(manager="with_trash").filter(pk__in=contact_ids))
    merges = network.merges.filter(survivor__in=contact_ids)
    merged = list(merges.values_list("merged_uuid", "merged_name"))
    names = {name for person in people for name in _names(person)}
    names |= {_named(name) for _uuid, name in merged}
    foreign = _names_of_others(network, contact_ids, names)
    return Traces(
        uuids=[*(person.uuid for person in people), *(merged_uuid for merged_uuid, _name in merged)],
        names={name.text for name in names if name.folded and name.folded not in foreign},
        ways=_own_ways(network, contact_ids),
    )


def _names(person: Contact) -> Iterator[Named]:
    """Yield the full names of a contact, in the orders in which they are commonly written."""
    given, family = person.given_name, person.family_name
    folded = person.sort_name
    yield _named(person.display_name)
    yield Named(person.display_name, folded)
    if given and family:
        whole = compose_name(
            prefix="", given_name=given, additional_names=person.additional_names, family_name=family, suffix=""
        )
        for text in (f"{given} {family}", f"{family} {given}", f"{family}, {given}", whole):
            yield Named(text, folded)


def _named(name: str) -> Named:
    return Named(name, sortable_name(given_name="", family_name="", display_name=name))


def _names_of_others(network: Network, contact_ids: Collection[int], names: Iterable[Named]) -> set[str]:
    """Return those of the names (folded) that also belong to another contact, to a merged one, or to the member.

    Merged contacts count because a merge can be undone.
    """
    wanted = {name.folded for name in names}
    texts = {name.text for name in names}
    others = network.contacts(manager="with_trash").exclude(pk__in=contact_ids)
    bearers = others.filter(Q(sort_name__among=wanted) | Q(display_name__among=texts))
    found = {_named(network.owner.name).folded}
    for sort_name, display_name in bearers.values_list("sort_name", "display_name"):
        found |= {sort_name, _named(display_name).folded}
    merged = network.merges.exclude(survivor__in=contact_ids)
    found |= {_named(name).folded for name in merged.values_list("merged_name", flat=True)}
    # "Anna Weber" and "Weber, Anna" are the same name in two orders.
    bare = {_bare(each) for each in found}
    return {each for each in wanted if _bare(each) in bare}


def _bare(folded: str) -> str:
    """Return the compared form of a name: its words in sorted order, or all of it if it has no words."""
    return " ".join(sorted(TOKEN.findall(folded))) or folded


def _own_ways(network: Network, contact_ids: Collection[int]) -> set[tuple[str, str]]:
    """Return (kind, text) of the ways to reach these contacts that reach neither another contact nor the member."""
    ways = list(network.ways_to_reach.filter(contact__in=contact_ids).values_list("kind", "value", "normalised"))
    shared = Q(pk=None)
    for kind in Kind.values:
        same = {normalised for way_kind, _value, normalised in ways if way_kind == kind}
        if same:
            shared |= Q(kind=kind, normalised__among=same)
    others = network.ways_to_reach.filter(shared).exclude(contact__in=contact_ids)
    taken = set(others.values_list("kind", "normalised"))
    member = network.owner
    addresses = {member.email, *EmailAddress.objects.filter(user=member).values_list("email", flat=True)}
    taken |= {(Kind.EMAIL.value, address.lower()) for address in addresses}
    own = [way for way in ways if (way[0], way[2]) not in taken]
    return {(kind, text) for kind, *texts in own for text in texts if text}


def _national_digits(text: str) -> str:
    """Return the digits of a phone number without country code and leading zeros; empty if too few to identify it."""
    digits = "".join(filter(str.isdigit, text.partition("x")[0]))
    if text.startswith("+"):
        digits = _without_country(text, digits)
    digits = digits.lstrip("0")
    return digits if len(digits) >= DIGITS_COMPARED else ""


def _without_country(text: str, digits: str) -> str:
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(text, None))
    except phonenumbers.NumberParseException:
        return digits


def _unescaped(json: str) -> str:
    """Return stored JSON with its escaped characters decoded.

    Those with a short escape, none of which are letters, become blanks.
    """
    text = ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else " ", json)
    # Rare characters, as in some Chinese and Japanese names, are escaped as two surrogates.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
