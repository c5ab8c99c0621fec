"""Journal entries whose people are all gone."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import NetworkAdmin, link, network_of
from contacts.admin.search import AT_MOST, Hit, excerpt, register_source
from contacts.admin.undo import register_undo, tell_undoable
from contacts.days import format_day
from contacts.models import Network
from contacts.text import fold
from favours.journal.writing import restore_favour, trash_favour
from favours.models import Favour


class FavourAdmin(NetworkAdmin):
    """The queue of entries without people."""

    title = gettext_lazy("Entries without people")
    list_display = ["entry", "kind", "place", "beginning"]
    ordering = ["-day", "-id"]
    actions = ["delete"]
    list_per_page = 100

    def queue(self, network: Network) -> QuerySet[Favour]:
        parts = network.participations.filter(favour=OuterRef("pk"))
        return network.favours.filter(~Exists(parts))

    @admin.display(description=gettext_lazy("day"), ordering="day")
    def entry(self, favour: Favour) -> SafeString:
        return link(reverse("favours:edit", args=[favour.uuid]), format_day(favour.day, with_year=True))

    @admin.display(description=gettext_lazy("note"))
    def beginning(self, favour: Favour) -> str:
        return excerpt(favour.note)

    @admin.action(description=gettext_lazy("Delete the selected entries"))
    def delete(self, request: HttpRequest, favours: QuerySet[Favour]) -> None:
        chosen = list(favours[: self.list_per_page])
        for favour in chosen:
            trash_favour(network_of(request), favour)
        kept = [str(favour.uuid) for favour in chosen]
        tell_undoable(request, _("They are in the trash for 30 days."), act="delete_favours", kept=kept)


@register_undo("delete_favours")
def _undo_delete(network: Network, identifiers: list[str]) -> None:
    for favour in network.favours(manager="with_trash").filter(uuid__in=identifiers):
        restore_favour(network, favour)


@register_source(gettext_lazy("Journal"))
def _entries(network: Network, query: str) -> Iterable[Hit]:
    favours = network.favours.filter(search_text__contains=fold(query))
    for favour in favours.order_by("-day", "-id")[:AT_MOST]:
        day = format_day(favour.day, with_year=True)
        yield Hit(reverse("favours:edit", args=[favour.uuid]), day, excerpt(favour.note or favour.place))


@register_source(gettext_lazy("Tip box"))
def _tips(network: Network, query: str) -> Iterable[Hit]:
    for tip in network.tip_box_items.filter(text__icontains=query, used_on=None)[:AT_MOST]:
        yield Hit(reverse("favours:tip"), excerpt(tip.text))


def register(site: admin.AdminSite) -> None:
    """Register the queue with an admin site."""
    site.register(Favour, FavourAdmin)
