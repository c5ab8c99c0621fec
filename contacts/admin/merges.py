"""Past merges, which can be undone however old they are."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.merging import NotLastMergeError, undo
from contacts.models import Merge, Network


class MergeAdmin(NetworkAdmin):
    """All merges that have not been undone, the latest first."""

    title = gettext_lazy("Put together so far")
    list_display = ["merged_name", "kept", "created_at"]
    list_select_related = ["survivor"]
    ordering = ["-id"]
    actions = ["part"]

    def queue(self, network: Network) -> QuerySet[Merge]:
        return network.merges.defer("snapshot")

    @admin.display(description=gettext_lazy("put together with"))
    def kept(self, merge: Merge) -> SafeString:
        return link(merge.survivor.get_absolute_url(), merge.survivor.display_name)

    @admin.action(description=gettext_lazy("Undo the selected ones"))
    def part(self, request: HttpRequest, merges: QuerySet[Merge]) -> None:
        # The latest first: merges with the same survivor can only be undone in that order.
        for merge in merges[:AT_ONCE]:
            try:
                undo(network_of(request), merge)
            except NotLastMergeError as problem:
                messages.info(request, problem.advice)
                return
            except Merge.DoesNotExist:  # Another request was quicker.
                continue
        messages.success(request, _("Everything is as it was."))
