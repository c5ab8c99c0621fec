"""The queue of duplicates, to decide on several at once; the member's own page compares them one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.admin.undo import register_undo, tell_undoable
from contacts.duplicates import ASKED_AGAIN_AFTER, call_distinct, in_words, open_pairs, put_off, reopen
from contacts.merging import merge_all, undo_batch
from contacts.models import DuplicatePair, Network


class DuplicatePairAdmin(NetworkAdmin):
    """Pairs that may be one person, the likeliest first."""

    title = gettext_lazy("Duplicates")
    list_display = ["one", "other", "reasons", "certainty", "side_by_side"]
    list_filter = ["is_certain"]
    ordering = ["-score", "id"]
    actions = ["same_person", "two_people", "later"]
    list_per_page = 20  # As many as can be merged in two seconds.

    def queue(self, network: Network) -> QuerySet[DuplicatePair]:
        return open_pairs(network)

    @admin.display(description=gettext_lazy("contact"))
    def one(self, pair: DuplicatePair) -> SafeString:
        return link(pair.first.get_absolute_url(), str(pair.first))

    @admin.display(description=gettext_lazy("perhaps the same"))
    def other(self, pair: DuplicatePair) -> SafeString:
        return link(pair.second.get_absolute_url(), str(pair.second))

    @admin.display(description=gettext_lazy("why"))
    def reasons(self, pair: DuplicatePair) -> str:
        return " · ".join(in_words(reason for reason in pair.evidence if reason["weight"] > 0))

    @admin.display(description=gettext_lazy("certain"))
    def certainty(self, pair: DuplicatePair) -> str:
        return _("certain") if pair.is_certain else ""

    @admin.display(description=gettext_lazy("Side by side"))
    def side_by_side(self, pair: DuplicatePair) -> SafeString:
        return link(reverse("contacts:duplicate", args=[pair.uuid]), _("Compare"))

    @admin.action(description=gettext_lazy("Same person: put the selected pairs together"))
    def same_person(self, request: HttpRequest, pairs: QuerySet[DuplicatePair]) -> None:
        chosen = [(pair.first, pair.second) for pair in pairs[: self.list_per_page]]
        merges = merge_all(network_of(request), chosen)
        if merges:
            tell_undoable(request, _("Put together."), act="merge", kept=str(merges[0].batch))
        if len(merges) < len(chosen):
            text = _("The others have to be compared one by one: they differ in what only you can decide.")
            messages.info(request, text if merges else _("These have to be compared one by one."))

    @admin.action(description=gettext_lazy("Two people: don’t ask about the selected pairs again"))
    def two_people(self, request: HttpRequest, pairs: QuerySet[DuplicatePair]) -> None:
        chosen = list(pairs[:AT_ONCE])
        for pair in chosen:
            call_distinct(network_of(request), pair)
        tell_undoable(request, _("You won’t be asked again."), act="decision", kept=[str(pair.uuid) for pair in chosen])

    @admin.action(description=gettext_lazy("Later: ask about the selected pairs in a month"))
    def later(self, request: HttpRequest, pairs: QuerySet[DuplicatePair]) -> None:
        network, chosen = network_of(request), list(pairs[:AT_ONCE])
        for pair in chosen:
            put_off(network, pair, network.today() + ASKED_AGAIN_AFTER)
        tell_undoable(request, _("They rest for a month."), act="decision", kept=[str(pair.uuid) for pair in chosen])


@register_undo("merge")
def _undo_merge(network: Network, batch: str) -> None:
    undo_batch(network, UUID(batch))


@register_undo("decision")
def _undo_decision(network: Network, identifiers: Any) -> None:
    for pair in network.duplicate_pairs.filter(uuid__in=identifiers):
        reopen(network, pair)
