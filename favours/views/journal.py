"""The journal: all entries as sentences, correcting one, deleting and restoring, and moments shared with a contact."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.middleware import MemberRequest
from contacts.views.answers import page, sent
from favours.forms.entry import FavourForm, JournalFilterForm
from favours.journal.moments import Filter, Page, find_moment, latest_moments, received_favours
from favours.journal.undo import bring_back, take_back
from favours.models import Favour


@require_safe
def journal(request: MemberRequest) -> HttpResponse:
    """Show all entries, newest first."""
    form = JournalFilterForm(request.GET)
    found = latest_moments(request.network, form.filter(), cursor=request.GET.get("after", ""))
    return _moments(request, "favours/journal.html", found, {"form": form, "narrowed": form.narrows, "editable": True})


@require_safe
def with_contact(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show what the member and a contact have shared: help, conversations and news in one stream, but never a total."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    found = latest_moments(request.network, Filter(contact=contact), cursor=request.GET.get("after", ""), size=20)
    return _moments(request, "favours/with_contact.html", found, {"contact": contact})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Correct an entry. Without JavaScript, searching for help to pass on submits the form too; it is shown again."""
    favour = find_moment(request.network, str(uuid))
    if not isinstance(favour, Favour):
        raise Http404
    form = FavourForm(sent(request), network=request.network, favour=favour)
    searching = "search" in request.POST
    if request.method == "POST" and not searching and form.is_valid() and form.save():
        messages.success(request, _("Saved."))
        return redirect("favours:journal")
    passes_on, search = str(form["passes_on"].value() or ""), request.POST.get("received", "")
    context = {
        "form": form,
        "favour": favour,
        "received": received_favours(request.network, search, chosen=passes_on),
        "received_search": search,
        "passes_on": passes_on,
        "today": request.network.today(),
    }
    return page(request, "favours/edit.html", context, valid=request.method != "POST" or searching)


@require_POST
def delete(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Put an entry into the trash; the message offers undo. `made` in the query names new people to go with it."""
    network = request.network
    moment = network.favours.filter(uuid=uuid).first() or get_object_or_404(network.conversations, uuid=uuid)
    take_back(network, moment, made=request.GET.getlist("made"))
    messages.success(request, _("The entry is in the trash."), extra_tags=reverse("favours:restore", args=[uuid]))
    return _back(request, uuid)


@require_POST
def restore(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take an entry out of the trash."""
    network = request.network
    favour = network.favours(manager="with_trash").filter(uuid=uuid).first()
    bring_back(network, favour or get_object_or_404(network.conversations(manager="with_trash"), uuid=uuid))
    messages.success(request, _("The entry is back."))
    return _back(request, uuid)


def _moments(request: MemberRequest, template: str, found: Page, context: dict[str, Any]) -> HttpResponse:
    """Render a page of moments; htmx gets just the rows when scrolling on, and just the list for a different filter."""
    query = request.GET.copy()
    query["after"] = found.cursor
    context |= {
        "moments": found.moments,
        "today": request.network.today(),
        "next_url": f"{request.path}?{query.urlencode()}" if found.cursor else "",
    }
    return page(request, template, context, part="rows" if "after" in request.GET else "list")


def _back(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Redirect to the page the member came from, unless it is the page of the entry itself, which may be gone."""
    before = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return redirect(before if known and str(uuid) not in urlsplit(before).path else "favours:journal")
