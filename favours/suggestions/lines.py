"""The texts that suggestions are based on: needs, interests, the member's asks, and kept tips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from contacts.models import Network, Topic
from contacts.models.topic import ASLEEP_AFTER
from favours.models import TipBoxItem

MOST_TIPS = 30
"""Maximum tips that are matched, the latest first."""


class Line(NamedTuple):
    """A topic that somebody seeks or is interested in; without a contact, something that the member is looking for.

    `day` is when it was noted or last confirmed.
    """

    key: int
    network: int
    contact: int | None
    kind: str
    text: str
    noted_on: date
    day: date

    @property
    def is_need(self) -> bool:
        return self.kind == Topic.Kind.SEEKS

    def is_awake(self, on: date) -> bool:
        return on - self.day <= ASLEEP_AFTER


class Tip(NamedTuple):
    """A tip in the member's box."""

    key: int
    text: str
    kept_on: date


def lines_of(networks: Collection[Network], on: date) -> defaultdict[int, list[Line]]:
    """Returns the open lines of each network by its key, including those that are asleep. One query."""
    kinds = [Topic.Kind.SEEKS, Topic.Kind.INTEREST]
    rows = Topic.objects.filter(
        network__in=networks, kind__in=kinds, closed_on=None, noted_on__lte=on, contact__archived_at=None
    )
    values = rows.order_by("pk").values_list("pk", "network", "contact", "kind", "text", "noted_on", "renewed_on")
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for key, network, contact, kind, text, noted, renewed in values:
        day = renewed if renewed and renewed <= on else noted
        lines[network].append(Line(key, network, contact, kind, text, noted, day))
    return lines


def newest_seeks(lines: Iterable[Line]) -> dict[int, date]:
    """Returns the day on which the latest need of each contact was noted."""
    newest: dict[int, date] = {}
    for line in lines:
        if line.is_need and line.contact is not None:
            newest[line.contact] = max(line.noted_on, newest.get(line.contact, line.noted_on))
    return newest


def tips_of(networks: Collection[Network], on: date) -> defaultdict[int, list[Tip]]:
    """Returns the latest kept tips of each network by its key, the newest first. One query."""
    place = Window(RowNumber(), partition_by=F("network"), order_by=("-kept_on", "-pk"))
    kept = TipBoxItem.objects.filter(network__in=networks, used_on=None, kept_on__lte=on).annotate(place=place)
    latest = kept.filter(place__lte=MOST_TIPS).order_by("-kept_on", "-pk")
    tips: defaultdict[int, list[Tip]] = defaultdict(list)
    for network, key, text, kept_on in latest.values_list("network", "pk", "text", "kept_on"):
        tips[network].append(Tip(key, text, kept_on))
    return tips
