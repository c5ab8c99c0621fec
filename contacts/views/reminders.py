"""Reminders on a contact's page: creating them, and "done", "later" or "stop" with one click."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.calendar import reminders
from contacts.forms.reminder import KeepInTouchForm, ReminderForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Contact, Network, Reminder
from contacts.views.answers import page
from contacts.views.person import contact_context

ACTS: dict[str, Callable[[Network, Reminder], None]] = {
    "done": reminders.finish_reminder,
    "later": reminders.postpone_reminder,
    "stop": reminders.stop_reminder,
    "undo": reminders.undo_reminder,
}


@require_POST
def add(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Create a reminder for one day, or for every year."""
    return _added(request, uuid, ReminderForm, "reminder_form")


@require_POST
def keep_in_touch(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Create a reminder to keep in touch, replacing any previous one."""
    return _added(request, uuid, KeepInTouchForm, "rhythm_form")


@require_POST
def act(request: MemberRequest, uuid: UUID, act: str) -> HttpResponse:
    """Apply an action to a reminder and return to the contact's page, with an undo button."""
    reminder = reminder_of(request, uuid)
    act_upon(request, reminder, act, undo_url=reverse("contacts:undo_reminder", args=[uuid]))
    return _beside(request, reminder.contact)


def reminder_of(request: MemberRequest, uuid: UUID) -> Reminder:
    """Return the member's reminder with this identifier, its contact loaded. Raises Http404."""
    reminders_there = request.network.reminders.filter(contact__deleted_at=None).select_related("contact")
    return get_object_or_404(reminders_there, uuid=uuid)


def act_upon(request: MemberRequest, reminder: Reminder, act: str, *, undo_url: str) -> None:
    """Apply an action to a reminder and tell the member, with an undo button."""
    ACTS[act](request.network, reminder)
    told = {
        "done": _("Done."),
        "later": _("It comes back in a week."),
        "stop": _("You will not be reminded of it any more."),
        "undo": _("Everything is as it was."),
    }
    messages.success(request, told[act], extra_tags="" if act == "undo" else undo_url)


def _added(
    request: MemberRequest, uuid: UUID, form_class: type[ReminderForm | KeepInTouchForm], name: str
) -> HttpResponse:
    """Save the form about a contact. An invalid form is shown on the contact's page as the context variable `name`."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    form = form_class(request.POST, network=request.network, contact=contact)
    if form.is_valid() and saved(form, form.save) is not None:
        return _beside(request, contact)
    context = contact_context(request, contact) | {name: form}
    return page(request, "contacts/person.html", context, part="reminders", valid=False)


def _beside(request: MemberRequest, contact: Contact) -> HttpResponse:
    """Return the reminders on the contact's page to htmx, and a redirect to the page otherwise."""
    if not request.htmx:
        return redirect(contact)
    return page(request, "contacts/person.html", contact_context(request, contact), part="reminders")
