"""Recording, renewing and closing what somebody seeks, offers or is interested in, and the member's own offers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.forms.saving import saved
from contacts.forms.topic import OwnTopicForm, TopicForm, TopicTextForm
from contacts.middleware import MemberRequest
from contacts.models import Contact, Network, Topic
from contacts.people import topics as topics
from contacts.views.answers import page, sent
from contacts.views.person import contact_context

ACTS: dict[str, Callable[[Network, Topic], object]] = {
    "renew": topics.renew_topic,
    "close": topics.close_topic,
    "reopen": topics.reopen_topic,
    "delete": topics.delete_topic,
}

OWN_PAGES = {Topic.Kind.OFFERS.value: "contacts:own_offers", Topic.Kind.SEEKS.value: "contacts:own_asks"}
"""The names of the pages that show the member's own topics of each kind."""


@require_POST
def add(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Record a topic or news about a contact."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    form = TopicForm(request.POST, network=request.network, contact=contact)
    noted = form.is_valid() and saved(form, form.save) is not None
    if noted and not request.htmx:
        return redirect(contact)
    context = contact_context(request, contact, None if noted else form)
    answer = page(request, "contacts/person.html", context, part="topics", valid=noted)
    answer.headers["HX-Trigger"] = "moments-changed"
    return answer


@require_POST
def act(request: MemberRequest, uuid: UUID, act: str) -> HttpResponse:
    """Renew, close, reopen or delete a topic; closing and deleting show an undo button."""
    topic = _topic(request, uuid)
    ACTS[act](request.network, topic)
    if act == "close":
        undo_url = reverse("contacts:reopen_topic", args=[uuid])
        messages.success(request, _("Settled: %(text)s") % {"text": topic.text}, extra_tags=undo_url)
    elif act == "delete":
        undo_url = reverse("contacts:restore_topic", args=[uuid])
        messages.success(request, _("Deleted: %(text)s") % {"text": topic.text}, extra_tags=undo_url)
    return _beside(request, topic)


@require_POST
def restore(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take a topic out of the trash."""
    trash = request.network.topics(manager="with_trash").exclude(deleted_at=None).select_related("contact")
    topic = get_object_or_404(trash, uuid=uuid)
    topics.restore_topic(request.network, topic)
    messages.success(request, _("Everything is as it was."))
    return _beside(request, topic)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Reword a topic."""
    topic = _topic(request, uuid)
    form = TopicTextForm(sent(request), network=request.network, topic=topic)
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        return redirect(_page_of(topic))
    context = {"form": form, "topic": topic, "back": _page_of(topic)}
    return page(request, "contacts/topic.html", context, valid=not form.errors)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: MemberRequest, kind: str) -> HttpResponse:
    """Show what the member can offer or is looking for, and a form to add to it."""
    network = request.network
    form = OwnTopicForm(sent(request), network=network, kind=kind)
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        if not request.htmx:
            return redirect(OWN_PAGES[kind])
        form = OwnTopicForm(network=network, kind=kind)
    return page(request, "contacts/own_topics.html", _own_context(request, form), part="topics", valid=not form.errors)


def _topic(request: MemberRequest, uuid: UUID) -> Topic:
    return get_object_or_404(request.network.topics.select_related("contact", "conversation"), uuid=uuid)


def _beside(request: MemberRequest, topic: Topic) -> HttpResponse:
    """Return the topics next to this one to htmx, and a redirect to their page otherwise."""
    contact: Contact | None = topic.contact
    if not request.htmx:
        return redirect(_page_of(topic))
    if contact is None:
        form = OwnTopicForm(network=request.network, kind=topic.kind)
        return page(request, "contacts/own_topics.html", _own_context(request, form), part="topics")
    return page(request, "contacts/person.html", contact_context(request, contact), part="topics")


def _own_context(request: MemberRequest, form: OwnTopicForm) -> dict[str, object]:
    network = request.network
    own = topics.own_topics(network, form.kind)
    return {
        "open": [topic for topic in own if topic.closed_on is None],
        "closed": [topic for topic in own if topic.closed_on is not None],
        "form": form,
        "kind": form.kind,
        "today": network.today(),
    }


def _page_of(topic: Topic) -> str:
    return reverse(OWN_PAGES[topic.kind]) if topic.contact is None else topic.contact.get_absolute_url()
