"""Imports: their state, why one failed, and a way to retry it."""

from __future__ import annotations

from typing import Any

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


class StateFilter(admin.SimpleListFilter):
    """Filter by the state of an import."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ImportRun.State.choices)

    def queryset(self, request: HttpRequest, runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
        return runs.filter(state=self.value()) if self.value() else runs


class ImportRunAdmin(NetworkAdmin):
    """All imports, the latest first; a run's own page lists every skipped entry with its reason."""

    title = gettext_lazy("Imports")
    list_display = ["run", "created_at", "format", "stage", "cause", "skipped"]
    list_filter = [StateFilter]
    ordering = ["-created_at", "-id"]
    actions = ["try_again"]

    def queue(self, network: Network) -> QuerySet[ImportRun]:
        return network.import_runs.all()

    @admin.display(description=gettext_lazy("file"))
    def run(self, run: ImportRun) -> SafeString:
        return link(reverse("contacts:import_run", args=[run.uuid]), run.file_name or _("Sample network"))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stage(self, run: ImportRun) -> str:
        return run.get_state_display()

    @admin.display(description=gettext_lazy("problem"))
    def cause(self, run: ImportRun) -> str:
        return run.problem

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
