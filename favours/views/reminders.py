"""Reminders on Today: done, later or stop with one click."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.calendar.reminders import due_reminders
from contacts.middleware import MemberRequest
from contacts.views.answers import page
from contacts.views.reminders import act_upon, reminder_of


@require_POST
def act(request: MemberRequest, uuid: UUID, act: str) -> HttpResponse:
    """Perform one of the actions; htmx gets the reminders still due, everybody else goes back to Today."""
    act_upon(request, reminder_of(request, uuid), act, undo_url=reverse("favours:reminder_undo", args=[uuid]))
    if not request.htmx:
        return redirect("favours:today")
    context = {"reminders": due_reminders(request.network), "today": request.network.today()}
    return page(request, "favours/today.html", context, part="reminders")
