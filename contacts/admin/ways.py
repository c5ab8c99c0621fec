"""Phone numbers and addresses that cannot be right, each with a proposed correction."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.admin.undo import register_undo, tell_undoable
from contacts.models import Network, WayToReach
from contacts.people.ways import region_of
from contacts.tidying.corrections import correct_ways, doubtful_ways, proposed_correction, take_back_corrections


class KindFilter(admin.SimpleListFilter):
    """Filter by kind; links are never doubtful."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = (WayToReach.Kind.PHONE, WayToReach.Kind.EMAIL, WayToReach.Kind.ADDRESS)
        return [(kind.value, kind.label) for kind in kinds]

    def queryset(self, request: HttpRequest, ways: QuerySet[WayToReach]) -> QuerySet[WayToReach]:
        return ways.filter(kind=self.value()) if self.value() else ways


class WayToReachAdmin(NetworkAdmin):
    """The queue of doubtful ways to reach; those without a proposal are corrected on the contact's page."""

    title = gettext_lazy("Phone numbers and addresses that can’t be right")
    list_display = ["who", "kind", "value", "proposal"]
    list_filter = [KindFilter]
    list_select_related = ["contact", "network__owner"]
    ordering = ["id"]
    actions = ["correct"]

    def queue(self, network: Network) -> QuerySet[WayToReach]:
        return doubtful_ways(network)

    @admin.display(description=gettext_lazy("contact"))
    def who(self, way: WayToReach) -> SafeString:
        return link(way.contact.get_absolute_url(), way.contact.display_name)

    @admin.display(description=gettext_lazy("probably meant"), empty_value="–")
    def proposal(self, way: WayToReach) -> str | None:
        correction = proposed_correction(way, region=region_of(way.network.owner))
        return correction.value if correction else None

    @admin.action(description=gettext_lazy("Accept what was probably meant"))
    def correct(self, request: HttpRequest, ways: QuerySet[WayToReach]) -> None:
        before = correct_ways(network_of(request), ways[:AT_ONCE])
        if before:
            tell_undoable(request, _("Corrected."), act="correct", kept=before)
        else:
            messages.info(request, _("For these nothing better is known. Correct them on the contact’s page."))


@register_undo("correct")
def _undo_correct(network: Network, before: dict[str, Any]) -> None:
    take_back_corrections(network, before)
