"""Getting data in and out: exports, tables of past help, the sample network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.events import note
from accounts.signing_in.doors import door
from contacts.database.leases import waits_for_room
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Contact
from contacts.views.answers import identifiers, page, sent, sent_files
from favours.forms.export import ExportForm
from favours.forms.table import FavourTableForm
from favours.models import Export
from favours.sample.network import add_sample_once, sample_run
from favours.transfer.exports import UNDER_WAY, request_export
from favours.transfer.formats import FORMATS
from favours.transfer.storage import storage_of
from favours.transfer.table import COLUMNS

PROBLEMS_SHOWN = 200
EXPORTS_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@door
def export(request: MemberRequest) -> HttpResponse:
    """Request an export of everything or, with `contact` in the query, of everything about one contact."""
    contact = _contact_named(request)
    form = ExportForm(sent(request), contact=contact)
    if request.method == "POST" and form.is_valid():
        file_format = form.cleaned_data["format"]
        wanted = saved(form, lambda: request_export(request.network, file_format=file_format, contact=contact))
        if wanted is not None:
            return redirect("favours:export_written", wanted.uuid)
    earlier = request.network.exports.filter(state=Export.State.DONE).select_related("file", "contact")
    latest = earlier.defer("file__content").order_by("-created_at")[:EXPORTS_SHOWN]
    context = {"form": form, "contact": contact, "earlier": latest, "formats": FORMATS}
    return page(request, "favours/export.html", context, valid=not form.errors)


@require_safe
@door
def export_written(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show the progress of the export and, once it is written, the link to it."""
    exports = request.network.exports.select_related("file", "contact").defer("file__content")
    written = get_object_or_404(exports, uuid=uuid)
    waits = written.state in UNDER_WAY and waits_for_room(written)
    return page(request, "favours/export_written.html", {"export": written, "waits_for_room": waits}, part="progress")


@require_safe
@door
def export_file(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Download the file itself."""
    stored = get_object_or_404(request.network.files, pk__in=request.network.exports.filter(uuid=uuid).values("file"))
    note("export fetched", request.user)
    charset = "" if stored.media_type == "application/zip" else "; charset=utf-8"
    response = HttpResponse(bytes(stored.content), content_type=f"{stored.media_type}{charset}")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=stored.name)
    return response


@require_safe
def storage(request: MemberRequest) -> HttpResponse:
    """Show how much room the member's data takes, by kind of data."""
    return page(request, "favours/storage.html", {"storage": storage_of(request.network)})


def _contact_named(request: MemberRequest) -> Contact | None:
    named = identifiers([request.GET.get("contact", "")])
    return get_object_or_404(request.network.contacts, uuid=named[0]) if named else None


@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: MemberRequest) -> HttpResponse:
    """Import a table of past help, reporting row by row what was left out and why."""
    form = FavourTableForm(sent(request), sent_files(request), network=request.network)
    context: dict[str, Any] = {"form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        result = form.save()
        if result is not None:
            context |= {"result": result, "problems": result.skipped[:PROBLEMS_SHOWN]}
    return page(request, "favours/import.html", context, valid=not form.errors)


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: MemberRequest) -> HttpResponse:
    """Offer invented people for exploring: one tap adds them, and another removes them as a whole."""
    run = sample_run(request.network)
    if request.method == "POST":
        if add_sample_once(request.network):
            messages.success(request, _("Forty invented people are here. Look around!"))
        return redirect("favours:today")
    return page(request, "favours/sample.html", {"run": run})
