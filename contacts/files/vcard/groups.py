"""Circles that a vCard file keeps as cards of their own, naming their members by UID."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, Group, Loss
from contacts.files.limits import MAX_VALUES
from contacts.files.reading import Reading

MENTIONS_GROUPS = re.compile(rb"kind", re.IGNORECASE)


class Groups:
    """The circles of a file by the UIDs of their members, whose cards may precede or follow them."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._groups = list(groups)
        self._circles: dict[str, list[str]] = {}
        for group in self._groups:
            for member in group.members:
                self._circles.setdefault(_bare(member), []).append(group.name)

    @classmethod
    def of(cls, reading: Reading) -> Groups:
        """Returns the groups of a file, which is read once for them unless it cannot have any."""
        if reading.format != "vcard" or not MENTIONS_GROUPS.search(reading.data):
            return cls()
        return cls(entry for entry in reading if isinstance(entry, Group))

    def names(self) -> list[str]:
        """Returns the names of all circles, including empty ones."""
        return [group.name for group in self._groups if group.name]

    def with_circles(self, entries: Iterable[object]) -> Iterator[Card]:
        """Yields the cards among the entries, with the circles that they are members of.

        Of several cards with one UID the first is meant: they are the same person's, or the UID means nothing.
        """
        for entry in entries:
            if isinstance(entry, Card):
                entry.circles += self._circles.pop(_bare(entry.uid), [])[:MAX_VALUES]
                yield entry

    def losses(self) -> Iterator[tuple[Group, Loss]]:
        """Yields the losses for members without a card in the file. Call this after all entries have been read."""
        for group in self._groups:
            number = sum(_bare(member) in self._circles for member in group.members)
            if number:
                yield group, Loss("MEMBER", format_lazy(_("{number} members are not in the file."), number=number))


def _bare(uid: str) -> str:
    return uid.strip().casefold().removeprefix("urn:uuid:")
