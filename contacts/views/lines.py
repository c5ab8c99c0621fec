"""What somebody seeks, offers or is interested in, and what the member offers: noting, renewing, closing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.forms.line import LineForm, LineTextForm, OwnOfferForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Contact, Line, Network
from contacts.people import topics as lines
from contacts.views.answers import page, sent
from contacts.views.person import contact_context

ACTS: dict[str, Callable[[Network, Line], object]] = {
    "renew": lines.renew_line,
    "close": lines.close_line,
    "reopen": lines.reopen_line,
    "delete": lines.delete_line,
}


@require_POST
def add(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Note a line about a contact, or news of them."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    form = LineForm(request.POST, network=request.network, contact=contact)
    noted = form.is_valid() and saved(form, form.save) is not None
    if noted and not request.htmx:
        return redirect(contact)
    context = contact_context(request, contact, None if noted else form)
    answer = page(request, "contacts/person.html", context, part="lines", valid=noted)
    answer.headers["HX-Trigger"] = "moments-changed"
    return answer


@require_POST
def act(request: MemberRequest, uuid: UUID, act: str) -> HttpResponse:
    """Renew, close, reopen or delete a line; where it was closed or deleted, the message takes it back."""
    line = _line(request, uuid)
    ACTS[act](request.network, line)
    if act == "close":
        undo_url = reverse("contacts:reopen_line", args=[uuid])
        messages.success(request, _("Settled: %(text)s") % {"text": line.text}, extra_tags=undo_url)
    elif act == "delete":
        undo_url = reverse("contacts:restore_line", args=[uuid])
        messages.success(request, _("Deleted: %(text)s") % {"text": line.text}, extra_tags=undo_url)
    return _beside(request, line)


@require_POST
def restore(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take a line out of the trash."""
    trash = request.network.lines(manager="with_trash").exclude(deleted_at=None).select_related("contact")
    line = get_object_or_404(trash, uuid=uuid)
    lines.restore_line(request.network, line)
    messages.success(request, _("Everything is as it was."))
    return _beside(request, line)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Put a line in other words."""
    line = _line(request, uuid)
    form = LineTextForm(sent(request), network=request.network, line=line)
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        return redirect(_page_of(line))
    context = {"form": form, "line": line, "back": _page_of(line)}
    return page(request, "contacts/line.html", context, valid=not form.errors)


@require_http_methods(["GET", "HEAD", "POST"])
def own_offers(request: MemberRequest) -> HttpResponse:
    """What the member can offer."""
    network = request.network
    form = OwnOfferForm(sent(request), network=network)
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        if not request.htmx:
            return redirect("contacts:own_offers")
        form = OwnOfferForm(network=network)
    return page(request, "contacts/own_offers.html", _own_context(request, form), part="lines", valid=not form.errors)


def _line(request: MemberRequest, uuid: UUID) -> Line:
    return get_object_or_404(request.network.lines.select_related("contact", "conversation"), uuid=uuid)


def _beside(request: MemberRequest, line: Line) -> HttpResponse:
    """Back to where the line stands: to htmx the lines there, to everybody else the page."""
    contact: Contact | None = line.contact
    if not request.htmx:
        return redirect(_page_of(line))
    if contact is None:
        form = OwnOfferForm(network=request.network)
        return page(request, "contacts/own_offers.html", _own_context(request, form), part="lines")
    return page(request, "contacts/person.html", contact_context(request, contact), part="lines")


def _own_context(request: MemberRequest, form: OwnOfferForm) -> dict[str, object]:
    network = request.network
    return {"lines": lines.lines_by_kind(network, None), "form": form, "today": network.today()}


def _page_of(line: Line) -> str:
    return reverse("contacts:own_offers") if line.contact is None else line.contact.get_absolute_url()
