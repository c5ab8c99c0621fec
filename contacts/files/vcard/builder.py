"""A draft that also knows what only vCards have: version, kind, members, and labels that belong by group."""

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

ORGANISATION_KINDS = frozenset(("ORG", "ORGANIZATION", "ORGANISATION", "COMPANY"))


class VCardDraft(Draft):
    """Collects the properties of one card; ``finish_entry`` tells a circle from a person."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.has_begin = True
        self.version = ""
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
        card = self.card
        return bool(card.display_name or card.given_name or card.family_name)

    def is_ended_by(self, name: str) -> bool:
        """Whether a VERSION, N or FN belongs to the next card, whose BEGIN is missing.

        Each card has but one VERSION, on top; and it has its name before a card in between, or behind it.
        """
        if name == "VERSION":
            return self.has_name and (bool(self.version) or not self.has_begin)
        return self.held_another

    def add_grouped(self, prop: Property, key: WayKey | None) -> bool:
        """Remember which group's label belongs to a way; True unless there is none."""
        if key is not None and prop.head.group:
            self.ways_by_group.setdefault(prop.head.group, []).append(key)
        return key is not None

    def add_grouped_related(self, prop: Property, label: str, name: str) -> bool:
        """Add a related person whose label may stand in a line of its own."""
        count = len(self.card.related)
        self.add_related(label, name)
        if prop.head.group and len(self.card.related) > count:
            self.related_by_group[prop.head.group] = count
        return True

    def finish_entry(self) -> Card | Group | Skipped:
        """Complete the entry: labels by group, addresses that only a label tells, circles that are cards."""
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
                self.add_address(("", "", prop.text(), "", "", "", ""), labels.from_types(prop.head.types))


Handler: TypeAlias = Callable[[VCardDraft, Property], bool]
"""What takes a property over into the draft, and answers whether it has; what it declines is kept verbatim."""
