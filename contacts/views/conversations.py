"""Logging, editing and deleting conversations."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.forms.conversation import ConversationForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Contact, Conversation
from contacts.people.conversations import restore_conversations, trash_conversations
from contacts.people.picking import Picked, picked_people
from contacts.views.answers import page, sent


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Log a conversation; `contacts` in the query string preselects people."""
    network = request.network
    if request.method == "POST":
        form = ConversationForm(request.POST, network=network)
        talk = saved(form, form.save) if form.is_valid() else None
        if talk is not None:
            tell_logged(request, talk)
            return redirect(_people_of(request, talk)[0])
    else:
        form = ConversationForm(network=network, picked=picked_people(network, request.GET))
    return page(request, "contacts/conversation.html", {"form": form}, valid=not form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Edit a conversation."""
    network = request.network
    talk = get_object_or_404(network.conversations, uuid=uuid)
    people = _people_of(request, talk)
    form = ConversationForm(sent(request), network=network, conversation=talk, picked=Picked(people))
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        messages.success(request, _("Saved."))
        return _back(request, talk)
    return page(request, "contacts/conversation.html", {"form": form, "talk": talk}, valid=not form.is_bound)


@require_POST
def delete(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Put a conversation into the trash, with an undo button."""
    talk = get_object_or_404(request.network.conversations, uuid=uuid)
    trash_conversations(request.network, [talk])
    undo_url = reverse("contacts:restore_conversation", args=[uuid])
    messages.success(request, _("The conversation is in the trash."), extra_tags=undo_url)
    return _back(request, talk)


@require_POST
def restore(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take a conversation out of the trash."""
    talk = get_object_or_404(request.network.conversations(manager="with_trash"), uuid=uuid)
    restore_conversations(request.network, [talk])
    messages.success(request, _("The conversation is back."))
    return _back(request, talk)


def tell_logged(request: MemberRequest, talk: Conversation) -> None:
    """Tell the member that a conversation was logged, with an undo button."""
    undo_url = reverse("contacts:delete_conversation", args=[talk.uuid])
    messages.success(request, _("The conversation is logged."), extra_tags=undo_url)


def _people_of(request: MemberRequest, talk: Conversation) -> list[Contact]:
    parts = request.network.conversation_participations.filter(conversation=talk).values("contact")
    return list(request.network.contacts.filter(pk__in=parts).order_by("sort_name", "id"))


def _back(request: MemberRequest, talk: Conversation) -> HttpResponse:
    """Redirect to the page of the first participant."""
    people = _people_of(request, talk)
    return redirect(people[0] if people else "contacts:list")
