"""Circles that nobody is in."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.admin.undo import register_undo, tell_undoable
from contacts.models import Circle, Network
from contacts.people.circles import circles_by_name
from contacts.tidying.circles import dissolve_circles
from contacts.tidying.empty import unused_circles


class CircleAdmin(NetworkAdmin):
    """The queue of unused circles."""

    title = gettext_lazy("Circles that nobody is in")
    list_display = ["circle", "created_at"]
    ordering = ["name", "id"]
    actions = ["dissolve"]

    def queue(self, network: Network) -> QuerySet[Circle]:
        return unused_circles(network)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def circle(self, circle: Circle) -> SafeString:
        return link(reverse("contacts:circle", args=[circle.uuid]), circle.name)

    @admin.action(description=gettext_lazy("Dissolve the selected circles"))
    def dissolve(self, request: HttpRequest, circles: QuerySet[Circle]) -> None:
        names = dissolve_circles(network_of(request), circles[:AT_ONCE])
        tell_undoable(request, _("Dissolved."), act="dissolve", kept=names)


@register_undo("dissolve")
def _undo_dissolve(network: Network, names: list[str]) -> None:
    circles_by_name(network, names)
