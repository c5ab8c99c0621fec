"""The trash: entries, people and topics deleted in the last 30 days that can be restored."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts.middleware import MemberRequest
from contacts.people.directory import restore_contacts
from contacts.views.answers import page
from favours.journal.moments import trashed_moments

MOST = 200


@require_safe
def trash(request: MemberRequest) -> HttpResponse:
    """Show everything in the trash, the most recently deleted first."""
    contacts = request.network.contacts(manager="with_trash").exclude(deleted_at=None).order_by("-deleted_at")
    # Topics of a conversation or contact that was itself deleted come back with it.
    topics = request.network.topics(manager="with_trash").exclude(deleted_at=None)
    topics = topics.filter(conversation__deleted_at=None, contact__deleted_at=None).select_related("contact")
    context = {
        "moments": trashed_moments(request.network, size=MOST),
        "contacts": contacts[:MOST],
        "topics": topics.order_by("-deleted_at")[:MOST],
        "today": request.network.today(),
    }
    return page(request, "favours/trash.html", context)


@require_POST
def restore_person(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take a contact out of the trash."""
    contact = get_object_or_404(request.network.contacts(manager="with_trash"), uuid=uuid)
    restore_contacts(request.network, [contact])
    messages.success(request, _("%(name)s is back.") % {"name": contact.display_name})
    return redirect("favours:trash")
