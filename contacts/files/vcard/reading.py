"""Reading vCard 2.1, 3.0 and 4.0: finding where cards begin and end, and building an entry from each.

Every card becomes a ``Card``, a ``Group`` or a ``Skipped``, with or without its ``BEGIN`` and ``END``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from contacts.cards import Entry, Group, Skipped
from contacts.files import limits
from contacts.files.vcard.builder import VCardDraft
from contacts.files.vcard.content_lines import Properties, Property
from contacts.files.vcard.dialects import NICKNAME_PROPERTIES
from contacts.files.vcard.fields import RELATED_CARD
from contacts.files.vcard.folding import MARKERS, is_marker
from contacts.files.vcard.properties import STARTERS, take

DEEPEST_NESTING = 8
LISTS_OF_VALUES = frozenset(
    (
        *("N", "FN", "ORG", "NICKNAME", "CATEGORIES", "ADR", "X-CHILDREN", "X-ANDROID-CUSTOM", RELATED_CARD),
        *NICKNAME_PROPERTIES,
    )
)
"""Properties whose values are split."""
ONCE_IN_A_CARD = ("VERSION", "N", "FN")


def entries(data: bytes, fallback: str = "", *, month_first: bool = False) -> Iterator[Entry]:
    """Yields the cards of a file of UTF-8 bytes (see ``encoding.as_utf8``).

    ``fallback`` is the character set of other texts that declare none; ``month_first`` says how to read ``3/4/1980``.
    Raises ``UnreadableFileError`` where the file holds too much. The end of a card that is too large is left out.
    """
    splitter = Splitter(fallback, month_first=month_first)
    yield from splitter.read(data)
    yield from splitter.close()


class Splitter:
    """Separates cards at ``BEGIN``, ``END``, a second ``VERSION``, or a property outside any card.

    A card inside another is either nested, or the END before it is missing; the properties that follow show which.
    """

    def __init__(self, fallback: str = "", *, month_first: bool = False) -> None:
        self.row = 0
        self.fallback = fallback
        self.month_first = month_first
        self.open: list[VCardDraft] = []
        self.foreign = ""
        self.budget = limits.Budget()

    def read(self, data: bytes) -> Iterator[Entry]:
        """Yields the cards that end in the data."""
        properties = Properties(data, self.fallback)
        for prop in properties:
            yield from self.take(prop)
            if self.open and self.open[-1].is_full:
                properties.skip_card()

    def take(self, prop: Property) -> Iterator[Entry]:
        """Yields the cards that a property completes."""
        name = prop.head.name
        self.budget.spend(1 + self._further_values(prop))
        if name == "BEGIN":
            yield from self._begin(prop.value.strip().upper())
        elif name == "END":
            yield from self._end(prop.value.strip().upper())
        elif not self.foreign:
            if not self.open:
                if name not in STARTERS:
                    return
                self._open().has_begin = False
            elif name in ONCE_IN_A_CARD and self.open[-1].is_ended_by(name):
                yield self._complete(is_cut=True)
                self._open().has_begin = False
            if self.open[-1].has_room_for(prop):
                take(self.open[-1], prop)
            if name == "AGENT":
                yield from self._take_agent(prop.text())

    def close(self) -> Iterator[Entry]:
        """Yields the cards that the end of the file cuts off."""
        while self.open:
            yield self._complete(is_cut=True)

    def _begin(self, component: str) -> Iterator[Entry]:
        if not component.startswith("VCARD"):
            self.foreign = self.foreign or component
            return
        self.foreign = ""
        if len(self.open) >= DEEPEST_NESTING:
            yield self._finished(self.open.pop(0), is_cut=True)
        is_agent = bool(self.open) and self.open[-1].awaits_agent
        self._open().is_agent = is_agent

    def _end(self, component: str) -> Iterator[Entry]:
        if not component.startswith("VCARD"):
            if component == self.foreign:
                self.foreign = ""
            return
        self.foreign = ""
        if self.open:
            yield self._complete()

    def _take_agent(self, text: str) -> Iterator[Entry]:
        """Reads the card in a property's value, as if its lines were part of the file."""
        if not is_marker(text.lstrip()[:100].partition("\n")[0]):
            return
        depth = len(self.open)
        self.open[-1].awaits_agent = True
        yield from self.read(text.encode("utf-8", "replace"))
        while len(self.open) > depth and "\n" in text:
            yield self._complete(is_cut=True)

    def _further_values(self, prop: Property) -> int:
        """Returns the number of values that a property holds beyond the first, counting unusually many parameters."""
        parameters = prop.head.text.count(";") // 8
        if prop.head.name not in LISTS_OF_VALUES:
            return parameters
        return parameters + prop.value.count(";") + prop.value.count(",")

    def _open(self) -> VCardDraft:
        self.row += 1
        self.open.append(VCardDraft(self.row, month_first=self.month_first))
        return self.open[-1]

    def _complete(self, *, is_cut: bool = False) -> Entry:
        draft = self.open.pop()
        entry = self._finished(draft, is_cut=is_cut)
        if self.open and not draft.is_agent:
            self.open[-1].held_another = self.open[-1].has_name
        elif self.open and not isinstance(entry, Group | Skipped):
            self.open[-1].add_related("agent", entry.display_name, entry.uid)
        return entry

    def _finished(self, draft: VCardDraft, *, is_cut: bool) -> Entry:
        if is_cut:
            draft.lose("", _("The entry has no end; its last lines may be missing."))
        return draft.finish_entry()


def cards_in(lines: Iterable[str]) -> int:
    """Returns the number of cards that lines seem to hold, by markers, or else 1 for two properties of a card."""
    squeezed = [line.replace(" ", "").replace("\t", "").upper() for line in lines]
    markers = sum(1 for line in squeezed if line.startswith(MARKERS[0]))
    if markers or any(line.startswith(MARKERS) for line in squeezed):
        return max(markers, 1)
    heads = {line.partition(":")[0].partition(";")[0].rpartition(".")[2] for line in squeezed if ":" in line}
    return int(len(heads & {"VERSION", "N", "FN", "TEL", "EMAIL", "ORG", "ADR", "UID"}) >= 2)
