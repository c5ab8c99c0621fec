"""A draft with the features that only vCards have: version, kind, members, and labels for groups of properties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from contacts.cards import Card, Group, Skipped
from contacts.files import labels
from contacts.files.card_builder import Draft, WayKey
from contacts.files.vcard.content_lines import Property
from contacts.text import one_line

MOST_PROPERTIES = 20_000
"""Maximum properties that are read of a card, including the members of a circle."""

ORGANISATION_KINDS = frozenset(("ORG", "ORGANIZATION", "ORGANISATION", "COMPANY"))


class VCardDraft(Draft):
    """Collects the properties of one card; ``finish_entry`` distinguishes circles from people."""

    def __init__(self, row: int, *, month_first: bool = False) -> None:
        super().__init__(row)
        self.month_first = month_first
        self.has_begin = True
        self.is_full = False
        self.version = ""
        self._properties = 0
        self.kind = ""
        self.awaits_agent = self.is_agent = self.held_another = False
        self.members: dict[str, Property] = {}
        self.labels_by_group: dict[str, Property] = {}
        self.ways_by_group: dict[str, list[WayKey]] = {}
        self.related_by_group: dict[str, int] = {}
        self.address_texts: list[Property] = []
        self.roles: list[Property] = []

    @property
    def has_name(self) -> bool:
        """Whether the card has a name so far."""
        card = self.card
        return bool(card.display_name or card.given_name or card.family_name)

    def has_room_for(self, prop: Property) -> bool:
        """Counts a property, and returns whether it can be added; the rest of a card that is too large is lost."""
        self._properties += 1
        if self._properties > MOST_PROPERTIES:
            self.is_full = True
            self.lose("", _("This entry is too large; its last lines were left out."))
        elif prop.is_cut:
            self.lose(prop.head.name, _("This value is too long; its end was left out."))
        return not self.is_full

    def is_ended_by(self, name: str) -> bool:
        """Returns whether a VERSION, N or FN belongs to the next card, whose BEGIN is missing.

        Each card has only one VERSION, at the top, and its name comes either before or after a nested card.
        """
        if name == "VERSION":
            return self.has_name and (bool(self.version) or not self.has_begin)
        return self.held_another

    def add_grouped(self, prop: Property, key: WayKey | None) -> bool:
        """Records which group's label applies to a way. Returns False if there is no way."""
        if key is not None and prop.head.group:
            self.ways_by_group.setdefault(prop.head.group, []).append(key)
        return key is not None

    def add_grouped_related(self, prop: Property, label: str, name: str) -> bool:
        """Adds a related person, whose label may be on a line of its own. Returns True."""
        count = len(self.card.related)
        self.add_related(label, name)
        if prop.head.group and len(self.card.related) > count:
            self.related_by_group[prop.head.group] = count
        return True

    def finish_entry(self) -> Card | Group | Skipped:
        """Completes and returns the entry: applies group labels, adds addresses given as LABEL, recognises circles."""
        self._apply_labels()
        self._apply_address_texts()
        for prop in self.roles:
            if not self.set_text("role", prop.text()):
                self.keep(prop.line())
        card = self.card
        if self.kind == "GROUP":
            name = card.display_name or card.family_name or card.organisation
            if not name:
                return Skipped(card.row, _("This group has no name."))
            return Group(card.row, name, card.uid, tuple(self.members))
        for member in self.members.values():
            self.keep(member.line())
        if self.kind and self.is_organisation is None:
            self.is_organisation = self.kind in ORGANISATION_KINDS
        return self.finish()

    def _apply_labels(self) -> None:
        for group, prop in self.labels_by_group.items():
            label = labels.plain(one_line(prop.text()))
            for key in self.ways_by_group.get(group, ()):
                self.relabel(key, label)
            if (index := self.related_by_group.get(group)) is not None:
                self.card.related[index] = replace(self.card.related[index], label=label)
            elif group not in self.ways_by_group:
                self.keep(prop.line())

    def _apply_address_texts(self) -> None:
        has_address = any(kind == "address" for kind, _key in self._ways)
        for prop in self.address_texts:
            if has_address:
                self.keep(prop.line())
            else:
                self.add_whole_address(prop.text(), labels.from_types(prop.head.types))


Handler: TypeAlias = Callable[[VCardDraft, Property], bool]
"""A function that adds a property to the draft and returns whether it did; a declined property is kept verbatim."""
