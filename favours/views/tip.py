"""The tip page: one box that finds both those who could use something and those who know about it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import replace_url

from contacts.meaning import client
from contacts.middleware import MemberRequest
from contacts.people.picking import picked_people
from contacts.views.answers import page
from favours.forms.tip import PassOnForm, TipTextForm
from favours.journal.moments import favours_with_people, people_of
from favours.models import Favour, TipBoxItem
from favours.suggestions.steps import reaching_steps
from favours.tips.asks import open_asks
from favours.tips.tip_box import find_people, kept_tips, remove_tip, take_back

ASKS = 10
"""Own asks shown next to the tip box; the others are one click away."""

TIP_GIVEN = Q(kind=Favour.Kind.TIP, direction=Favour.Direction.GIVE)


@require_http_methods(["GET", "HEAD", "POST"])
def tip(request: MemberRequest) -> HttpResponse:
    """Find people for a text as the member types; a POST passes the tip on to the people picked."""
    if request.method == "POST":
        form = PassOnForm(request.POST, network=request.network)
        favour = form.save() if form.is_valid() else None
        if favour is None:
            return _matches(request, form, valid=False)
        messages.success(request, _("Logged as a tip."), extra_tags=reverse("favours:tip_undo", args=[favour.uuid]))
        return redirect("favours:tip_passed", favour.uuid)
    return _matches(request, None)


@require_GET
def passed(request: MemberRequest, uuid: str) -> HttpResponse:
    """Show a tip after it was passed on: its text, to send to each of the people."""
    favour = get_object_or_404(favours_with_people(request.network).filter(TIP_GIVEN), uuid=uuid)
    people = people_of(favour)
    context = {"favour": favour, "people": reaching_steps(request.network, people, favour.note)}
    return page(request, "favours/tip_passed.html", context)


@require_POST
def undo(request: MemberRequest, uuid: str) -> HttpResponse:
    """Undo passing a tip on, and show the tip again."""
    favour = get_object_or_404(request.network.favours.filter(TIP_GIVEN), uuid=uuid)
    item = take_back(request.network, favour)
    messages.success(request, _("Taken back. The entry is in the trash."))
    return redirect(_address(favour.note, item))


@require_POST
def keep(request: MemberRequest) -> HttpResponse:
    """Keep a tip for later."""
    form = TipTextForm(request.POST)
    if not form.is_valid():
        return _matches(request, form, valid=False)
    form.keep(request.network)
    messages.success(request, _("It waits in the tip box for the right person."))
    return redirect("favours:tip")


@require_POST
def remove(request: MemberRequest, uuid: str) -> HttpResponse:
    """Remove a tip from the box; the message links back to its text."""
    item = get_object_or_404(request.network.tip_box_items, uuid=uuid)
    remove_tip(request.network, item)
    again = format_html('<a href="{}">{}</a>', _address(item.text), _("Look at it again"))
    messages.success(request, format_html("{} {}", _("Removed."), again))
    return redirect("favours:tip")


def _address(text: str, item: TipBoxItem | None = None) -> str:
    return reverse("favours:tip", query={"text": text} | ({"item": item.uuid} if item else {}))


def _matches(request: MemberRequest, form: TipTextForm | None, *, valid: bool = True) -> HttpResponse:
    """Render the people a text is for, and those already picked; without htmx, also the tips kept for later."""
    sent = request.POST or request.GET
    text = sent.get("text", "")[: TipBoxItem.MAX_LENGTH]
    found = find_people(request.network, text)
    picked = form.picked if isinstance(form, PassOnForm) else picked_people(request.network, sent)
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "max_length": TipBoxItem.MAX_LENGTH,
        "found": found,
        "words_alone": bool(text.strip()) and not client.version(),
        "picked": picked,
        "others": replace(picked, contacts=[each for each in picked.contacts if each not in found.people]),
        "item": sent.get("item", ""),
        "client_key": sent.get("client_key") or uuid.uuid4(),
        "today": request.network.today(),
    }
    if not request.htmx:
        context |= {"kept": kept_tips(request.network), "asks": open_asks(request.network)[:ASKS]}
    answer = page(request, "favours/tip.html", context, part="matches", valid=valid)
    return replace_url(answer, _address(text)) if request.htmx else answer
