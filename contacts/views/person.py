"""One contact: its page, and editing, archiving, deleting and erasing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.calendar.reminders import reminders_of
from contacts.erasing.contacts import erase_contacts
from contacts.erasing.mentions import find_mentions, listed
from contacts.files.vcard.also_known import also_known
from contacts.forms.person import PersonForm, WayFormSet
from contacts.forms.relation import RelationForm
from contacts.forms.reminder import KeepInTouchForm, ReminderForm
from contacts.forms.saving import saved
from contacts.forms.topic import TopicForm
from contacts.middleware import MemberRequest
from contacts.models import Contact
from contacts.people.conversations import log_conversation
from contacts.people.directory import archive_contacts, trash_contacts, unarchive_contacts
from contacts.people.photos import with_pictures
from contacts.people.relations import related_people
from contacts.people.topics import topics_by_kind
from contacts.views.answers import identifiers, page, sent
from contacts.views.conversations import tell_logged
from contacts.views.people import tell_undoable

MENTIONS = "mentions"


def contact_context(request: MemberRequest, contact: Contact, form: TopicForm | None = None) -> dict[str, Any]:
    """Return the context of the contact's page; `form` is the form of a new topic."""
    network = request.network
    ways = list(network.ways_to_reach.filter(contact=contact))
    return {
        "contact": contact,
        "today": network.today(),
        "topics": topics_by_kind(network, contact),
        "topic_form": form or TopicForm(network=network, contact=contact),
        "ways": ways,
        "reach": {way.kind: way for way in reversed(ways) if way.href and way.kind in {"phone", "email"}},
        "circles": network.circles.filter(memberships__contact=contact),
        "reminders": reminders_of(network, contact),
        "reminder_form": ReminderForm(network=network, contact=contact),
        "rhythm_form": KeepInTouchForm(network=network, contact=contact),
        "related": related_people(network, contact),
        "relation_form": RelationForm(network=network, contact=contact),
        "also_known": also_known(contact.extra_properties),
        "client_key": uuid4(),
    }


@require_safe
def detail(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show everything known about a contact, starting with what they seek and offer.

    A merged contact's URL redirects to the surviving contact.
    """
    contact = with_pictures(request.network.contacts.all()).filter(uuid=uuid).first()
    if contact is None:
        merges = request.network.merges.select_related("survivor").defer("snapshot")
        return redirect(get_object_or_404(merges, merged_uuid=uuid).survivor)
    return page(request, "contacts/person.html", contact_context(request, contact))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Edit a contact. The button "more rows" returns more rows for ways to reach and stores nothing."""
    network = request.network
    contact = get_object_or_404(network.contacts, uuid=uuid)
    wants_rows = "more_rows" in request.POST
    data = _with_more_rows(request) if wants_rows else sent(request)
    form = PersonForm(data, network=network, contact=contact)
    ways = WayFormSet(data, network=network, contact=contact)
    is_to_store = request.method == "POST" and not wants_rows
    if is_to_store and form.is_valid() & ways.is_valid() and saved(form, lambda: form.save(ways.ways())) is not None:
        messages.success(request, _("Saved."))
        return redirect(contact)
    context = {"contact": contact, "form": form, "ways": ways}
    valid = wants_rows or not (form.errors or ways.total_error_count())
    return page(request, "contacts/edit.html", context, part="ways" if wants_rows else "", valid=valid)


@require_POST
def archive(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Archive a contact."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    tell_undoable(request, "archive", archive_contacts(request.network, [contact]), [contact])
    return redirect(contact)


@require_POST
def unarchive(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take a contact out of the archive."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    unarchive_contacts(request.network, [contact])
    messages.success(request, _("Back among your contacts."))
    return redirect(contact)


@require_POST
def delete(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Put a contact into the trash, with an undo button."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    tell_undoable(request, "delete", trash_contacts(request.network, [contact]), [contact])
    return redirect("contacts:list")


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Erase a contact in the trash, after confirmation. Texts that mention them are listed before and after."""
    network = request.network
    trash = network.contacts(manager="with_trash").exclude(deleted_at=None)
    contact = get_object_or_404(trash, uuid=uuid)
    found = find_mentions(network, contact)
    if request.method != "POST":
        return page(request, "contacts/erase.html", {"contact": contact, "mentions": list(listed(network, found))})
    request.session[MENTIONS] = found
    request.session.save()
    erase_contacts(network, [contact])
    # Erasing has cleaned the stored session, but this one still holds the old data.
    request.session.modified = False
    messages.success(request, _("%(name)s is gone for good.") % {"name": contact.display_name})
    return redirect("contacts:mentions" if found else "favours:trash")


@require_safe
def mentions(request: MemberRequest) -> HttpResponse:
    """List the texts that still mention the contact erased last; the session only holds their identifiers."""
    found = request.session.get(MENTIONS, {})
    return page(request, "contacts/mentions.html", {"mentions": list(listed(request.network, found))})


@require_POST
def talked_today(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Log a conversation today with one click; a repeated POST with the same key changes nothing."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    key = next(iter(identifiers(request.POST.getlist("client_key"))), None)
    talk = log_conversation(request.network, day=request.network.today(), contacts=[contact], client_key=key)
    tell_logged(request, talk)
    if not request.htmx:
        return redirect(contact)
    answer = page(request, "contacts/person.html", contact_context(request, contact), part="talked")
    answer.headers["HX-Trigger"] = "moments-changed"
    return answer


def _with_more_rows(request: MemberRequest) -> Any:
    """Return the POST data with one more row for ways to reach, so that nothing typed is lost."""
    data = request.POST.copy()
    sent = data.get("ways-TOTAL_FORMS", "")
    data["ways-TOTAL_FORMS"] = str(int(sent) + 1) if sent.isdecimal() and len(sent) < 4 else "1"
    return data
