"""Writing vCard 4.0 (RFC 6350) and 3.0 (RFC 2426).

Fields without a vCard property are written as ``X-NETCRM-...``, labels other than standard types as ``X-ABLabel``,
which Apple and Google read as well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Generator, Iterable, Iterator
from itertools import count
from typing import Literal, TypeAlias
from uuid import UUID

from contacts.cards import Card, PartialDate, Related, Way
from contacts.files.card_builder import escaped
from contacts.files.dates import NO_YEAR
from contacts.files.labels import from_types
from contacts.files.vcard.fields import (
    DAYS,
    GROUP_LABEL,
    HAS_DIED,
    HOW_MET,
    LISTS,
    NAME_FIELDS,
    OMITTED_YEAR,
    PRODUCT,
    RELATED_CARD,
    RELATED_NAME,
    SERVICE,
    SHOWN_AS,
    WAYS,
    WOULD_CALL,
)
from contacts.files.vcard.kept import kept_lines

Version: TypeAlias = Literal["4.0", "3.0"]

LONGEST_LINE = 75
"""Octets of the longest line, without its end."""

TYPES_OF_WORDS = {"home": "home", "work": "work"}
PHONE_TYPES_OF_WORDS = TYPES_OF_WORDS | {"mobile": "cell", "fax": "fax", "pager": "pager", "video": "video"}
PROPERTY_OF_KIND = {kind: name for name, kind in WAYS.items()}
TOKEN = re.compile(r"[A-Za-z0-9-]{1,40}")
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Everything that a reader may take for the end of a line."""
FRAME = frozenset(("BEGIN", "END", "VERSION"))
"""Properties that delimit a card: none of them is ever kept from a file."""


def write(cards: Iterable[Card], version: Version = "4.0") -> Generator[str]:
    """Yields each card as the text of a whole vCard with CR LF line ends."""
    for card in cards:
        yield "".join(f"{folded(unbroken(line))}\r\n" for line in CardWriter(card, version).lines())


class CardWriter:
    """Writes one card, numbering the groups that tie labels to their properties."""

    def __init__(self, card: Card, version: Version) -> None:
        self.card = card
        self.version = version
        taken = {line.partition(":")[0].partition(".")[0].lower() for line in card.extra}
        self.groups = (f"item{number}" for number in count(1) if f"item{number}" not in taken)

    def lines(self) -> Iterator[str]:
        """Yields the unfolded lines, from ``BEGIN`` to ``END``."""
        written = list(self._modelled())
        kept = list(kept_lines(filter(is_kept, map(str.lstrip, self.card.extra)), self.version, written))
        yield from ("BEGIN:VCARD", f"VERSION:{self.version}", *written, *kept, "END:VCARD")

    def _modelled(self) -> Iterator[str]:
        yield from self._identity()
        yield from self._work()
        if self.card.birthday is not None:
            yield self._birthday(self.card.birthday)
        for way in self.card.ways:
            yield from self._way(way)
        if self.card.circles:
            yield f"CATEGORIES:{','.join(map(escaped, self.card.circles))}"
        if self.card.notes:
            yield f"NOTE:{escaped(self.card.notes)}"
        if self.card.photo is not None:
            yield self._photo(self.card.photo)
        for related in self.card.related:
            yield from self._related(related)
        yield from self._own()

    def _identity(self) -> Iterator[str]:
        card = self.card
        if card.uid:
            yield f"PRODID:{PRODUCT}"
            yield self._uid(card.uid)
        if card.is_organisation:
            yield "KIND:org" if self.version == "4.0" else f"{SHOWN_AS}:COMPANY"
        elif card.organisation == card.display_name:
            yield "KIND:individual"
        yield f"FN:{escaped(card.display_name)}"
        names = [getattr(card, name) for name in NAME_FIELDS]
        if any(names) or self.version == "3.0":
            yield f"N:{';'.join(map(escaped, names))}"
        if card.nickname:
            yield f"NICKNAME:{escaped(card.nickname)}"

    def _work(self) -> Iterator[str]:
        card = self.card
        if card.organisation or card.department:
            units = f";{escaped(card.department)}" if card.department else ""
            yield f"ORG:{escaped(card.organisation)}{units}"
        if card.role:
            yield f"TITLE:{escaped(card.role)}"

    def _uid(self, uid: str) -> str:
        uid = uid.removeprefix("urn:uuid:")
        if self.version == "3.0":
            return f"UID:{escaped(uid)}"
        return f"UID:urn:uuid:{uid}" if is_uuid(uid) else f"UID;VALUE=text:{escaped(uid)}"

    def _birthday(self, date: PartialDate) -> str:
        if self.version == "4.0":
            return f"BDAY:{date.year:04}{date.month:02}{date.day:02}" if date.year else f"BDAY:{yearless(date)}"
        if date.year:
            return f"BDAY:{date}"
        return f"BDAY;{OMITTED_YEAR}={NO_YEAR}:{NO_YEAR}-{date.month:02}-{date.day:02}"

    def _way(self, way: Way) -> Iterator[str]:
        """Yields a way to reach, with its label as a type if vCard has one, else on a line of the same group."""
        value = ";".join(map(escaped, way.parts)) if way.parts else escaped(way.value)
        if way.kind == "link":
            is_web_page = way.value[:5].lower().startswith(("http:", "https"))
            name = "URL" if is_web_page else "IMPP"
            value = way.value
            if not is_web_page and TOKEN.fullmatch(way.label):
                yield f"IMPP;{SERVICE}={way.label}:{value}"
                return
        else:
            name = PROPERTY_OF_KIND[way.kind]
        known = PHONE_TYPES_OF_WORDS if way.kind == "phone" else TYPES_OF_WORDS
        words = way.label.split()
        if all(word in known for word in words) and len(set(words)) == len(words):
            yield f"{name}{''.join(f';TYPE={known[word]}' for word in words)}:{value}"
        else:
            yield from self._labelled(f"{name}:{value}", way.label)

    def _labelled(self, line: str, label: str) -> Iterator[str]:
        group = next(self.groups)
        yield f"{group}.{line}"
        yield f"{group}.{GROUP_LABEL}:{escaped(label)}"

    def _related(self, related: Related) -> Iterator[str]:
        """Yields a related person by name, as every program reads it, and their card's identifier on another line."""
        if not related.name:
            pass
        elif self.version == "4.0" and is_type(related.label):
            yield f"RELATED;TYPE={related.label};VALUE=text:{escaped(related.name)}"
        elif related.label:
            yield from self._labelled(f"{RELATED_NAME}:{escaped(related.name)}", related.label)
        else:
            yield f"{RELATED_NAME}:{escaped(related.name)}"
        if related.uid:
            yield f"{RELATED_CARD}:{escaped(related.label)};{escaped(related.name)};{escaped(related.uid)}"

    def _photo(self, photo: bytes) -> str:
        encoded = base64.b64encode(photo).decode("ascii")
        if self.version == "4.0":
            return f"PHOTO:data:{self.card.photo_type};base64,{encoded}"
        return f"PHOTO;ENCODING=b;TYPE={self.card.photo_type.rpartition('/')[2].upper()}:{encoded}"

    def _own(self) -> Iterator[str]:
        card = self.card
        if card.how_met:
            yield f"{HOW_MET}:{escaped(card.how_met)}"
        for name, day in DAYS.items():
            if value := getattr(card, day):
                yield f"{name}:{value}"
        if card.has_died:
            yield f"{HAS_DIED}:yes"
        if card.would_call:
            yield f"{WOULD_CALL}:yes"
        for name, texts in LISTS.items():
            for text in getattr(card, texts):
                yield f"{name}:{escaped(text)}"


def unbroken(line: str) -> str:
    """Returns a line with each line end escaped, so that no text can become a property or a card of its own."""
    return line if line.isprintable() else LINE_END.sub(r"\\n", line)


def is_kept(line: str) -> bool:
    """Returns whether a line kept from a file is a property that does not delimit a card."""
    name = re.split("[;:]", unbroken(line), maxsplit=1)[0]
    return ":" in line and name.rpartition(".")[2].strip().upper() not in FRAME


def folded(line: str) -> str:
    """Returns a line folded to 75 octets, between characters and never before a blank, which some readers swallow."""
    data = line.encode()
    if len(data) <= LONGEST_LINE:
        return line
    pieces = []
    start, room = 0, LONGEST_LINE
    while len(data) - start > room:
        end = start + room
        while end > start and (data[end] & 0xC0 == 0x80 or data[end] in b" \t"):
            end -= 1
        if end == start:  # nothing but blanks: any place will do
            end = start + room
        pieces.append(data[start:end])
        start, room = end, LONGEST_LINE - 1
    pieces.append(data[start:])
    return b"\r\n ".join(pieces).decode()


def is_type(label: str) -> bool:
    """Returns whether a label can be written as a TYPE and is read back unchanged."""
    return bool(TOKEN.fullmatch(label)) and label.islower() and from_types((label,)) == label


def is_uuid(text: str) -> bool:
    """Returns whether a text is a UUID in its usual form."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def yearless(date: PartialDate) -> str:
    """Returns a day without its year as vCard 4.0 writes it."""
    return f"--{date.month:02}{date.day:02}"
