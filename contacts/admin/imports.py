"""Imports: where they stand, why one failed, and another try."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.importing.runs import retry
from contacts.models import ImportRow, ImportRun, Network


class ImportRunAdmin(NetworkAdmin):
    """All imports, the latest first; a run's own page lists every skipped entry with its reason."""

    title = gettext_lazy("Imports")
    list_display = ["run", "created_at", "format", "state", "problem", "skipped"]
    list_filter = ["state"]
    ordering = ["-created_at", "-id"]
    actions = ["try_again"]

    def queue(self, network: Network) -> QuerySet[ImportRun]:
        return network.import_runs.all()

    @admin.display(description=gettext_lazy("file"))
    def run(self, run: ImportRun) -> SafeString:
        return link(reverse("contacts:import_run", args=[run.uuid]), run.file_name or _("Sample network"))

    @admin.display(description=gettext_lazy("Skipped entries"))
    def skipped(self, run: ImportRun) -> SafeString:
        address = f"{reverse('contacts:import_run', args=[run.uuid])}?show={ImportRow.Outcome.SKIPPED}"
        return link(address, _("Look at them"))

    @admin.action(description=gettext_lazy("Go on with the selected imports that failed"))
    def try_again(self, request: HttpRequest, runs: QuerySet[ImportRun]) -> None:
        tried = [retry(network_of(request), run) for run in runs[:AT_ONCE]]
        if any(tried):
            messages.success(request, _("They go on."))
        else:
            messages.info(request, _("None of these failed, or the file is gone."))
