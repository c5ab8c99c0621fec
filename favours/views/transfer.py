"""Data on its way in and out: the export, a list of help from earlier, the sample network."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contacts.middleware import MemberRequest
from contacts.views.answers import page, sent, sent_files
from favours.exporting import FORMATS
from favours.importing import COLUMNS
from favours.sample import add_sample, sample_run
from favours.table_form import FavourTableForm

PROBLEMS_SHOWN = 200


@require_safe
def export(request: MemberRequest) -> HttpResponse:
    """The formats to export in."""
    return page(request, "favours/export.html", {"formats": FORMATS})


@require_safe
def export_file(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The member's data in one format, written while it is sent."""
    if file_format not in FORMATS:
        raise Http404
    chosen = FORMATS[file_format]
    response = StreamingHttpResponse(chosen.write(request.network), content_type=f"{chosen.media_type}; charset=utf-8")
    name = f"netcrm-{request.network.today().isoformat()}.{chosen.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: MemberRequest) -> HttpResponse:
    """Bring a list of help from earlier; says row by row what was left out and why."""
    form = FavourTableForm(sent(request), sent_files(request), network=request.network)
    context: dict[str, Any] = {"form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        result = form.save()
        if result is not None:
            context |= {"result": result, "problems": result.skipped[:PROBLEMS_SHOWN]}
    return page(request, "favours/import.html", context, valid=not form.errors)


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: MemberRequest) -> HttpResponse:
    """Invented people to look around with: they come by one tap and leave as a whole by another."""
    run = sample_run(request.network)
    if request.method == "POST":
        if run is None:
            add_sample(request.network)
            messages.success(request, _("Forty invented people are here. Look around!"))
        return redirect("favours:today")
    return page(request, "favours/sample.html", {"run": run})
