"""Pages of the member's own asks: noting one, and showing the people who may know about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contacts.middleware import MemberRequest
from contacts.people.picking import picked_people
from contacts.views.answers import page
from favours.forms.tip import AskForm
from favours.models import Favour
from favours.suggestions.steps import ask_text, reaching_steps, text_to
from favours.tips.asks import open_asks, who_may_know


@require_POST
def add(request: MemberRequest) -> HttpResponse:
    """Note an ask, and show the people who may know about it."""
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["ask"])))
        return redirect("favours:tip")
    return redirect("favours:ask", form.save(request.network).uuid)


@require_safe
def ask(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show an ask with the people who may know about it.

    With `contacts` in the query, show a message to the first of these instead.
    """
    network = request.network
    asked = get_object_or_404(open_asks(network), uuid=uuid)
    whom = next(iter(picked_people(network, request.GET).contacts), None)
    context: dict[str, Any] = {"ask": asked, "whom": whom, "today": network.today()}
    if whom is None:
        context["people"] = who_may_know(network, asked)
    else:
        text = text_to(whom, ask_text(asked.text))
        filled = {"mode": Favour.Direction.RECEIVE.value, "contacts": str(whom.uuid), "note": asked.text}
        context |= {
            "text": text,
            "people": reaching_steps(network, [whom], text),
            "log_address": reverse("favours:log", query=filled),
        }
    return page(request, "favours/ask.html", context)
