"""Reminders on a contact's page: making them, and done, later or stop with one click."""

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
    """Remind of something on a day, once or each year."""
    return _added(request, uuid, ReminderForm, "reminder_form")


@require_POST
def keep_in_touch(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Ask for a sign of life from time to time, in place of an earlier such wish."""
    return _added(request, uuid, KeepInTouchForm, "rhythm_form")


@require_POST
def act(request: MemberRequest, uuid: UUID, act: str) -> HttpResponse:
    """Do one of the acts; back to the contact's page, with an undo."""
    reminder = reminder_of(request, uuid)
    act_upon(request, reminder, act, undo_url=reverse("contacts:undo_reminder", args=[uuid]))
    return _beside(request, reminder.contact)


def reminder_of(request: MemberRequest, uuid: UUID) -> Reminder:
    """The member's reminder of this identifier, with its contact. Raises Http404."""
    reminders_there = request.network.reminders.filter(contact__deleted_at=None).select_related("contact")
    return get_object_or_404(reminders_there, uuid=uuid)


def act_upon(request: MemberRequest, reminder: Reminder, act: str, *, undo_url: str) -> None:
    """Do what the button says, and tell it with a button that takes it back."""
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
    """Save the form about a contact; an invalid one stands on the contact's page under its `name` in the template."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    form = form_class(request.POST, network=request.network, contact=contact)
    if form.is_valid() and saved(form, form.save) is not None:
        return _beside(request, contact)
    context = contact_context(request, contact) | {name: form}
    return page(request, "contacts/person.html", context, part="reminders", valid=False)


def _beside(request: MemberRequest, contact: Contact) -> HttpResponse:
    """To htmx the reminders on the contact's page, to everybody else the page."""
    if not request.htmx:
        return redirect(contact)
    return page(request, "contacts/person.html", contact_context(request, contact), part="reminders")
