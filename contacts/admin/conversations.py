"""Conversations all of whose people are gone."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.admin.search import excerpt
from contacts.admin.undo import register_undo, tell_undoable
from contacts.days import format_day
from contacts.models import Conversation, Network
from contacts.people.conversations import restore_conversations, trash_conversations
from contacts.tidying.empty import conversations_with_nobody


class ConversationAdmin(NetworkAdmin):
    """The queue of conversations without people."""

    title = gettext_lazy("Conversations with nobody")
    list_display = ["conversation", "place", "beginning"]
    ordering = ["-day", "-id"]
    actions = ["delete"]

    def queue(self, network: Network) -> QuerySet[Conversation]:
        return conversations_with_nobody(network)

    @admin.display(description=gettext_lazy("day"), ordering="day")
    def conversation(self, talk: Conversation) -> SafeString:
        return link(reverse("contacts:edit_conversation", args=[talk.uuid]), format_day(talk.day, with_year=True))

    @admin.display(description=gettext_lazy("note"))
    def beginning(self, talk: Conversation) -> str:
        return excerpt(talk.note)

    @admin.action(description=gettext_lazy("Delete the selected entries"))
    def delete(self, request: HttpRequest, talks: QuerySet[Conversation]) -> None:
        chosen = list(talks[:AT_ONCE])
        trash_conversations(network_of(request), chosen)
        kept = [str(talk.uuid) for talk in chosen]
        tell_undoable(request, _("They are in the trash for 30 days."), act="delete_conversations", kept=kept)


@register_undo("delete_conversations")
def _undo_delete(network: Network, identifiers: list[str]) -> None:
    restore_conversations(network, network.conversations(manager="with_trash").filter(uuid__in=identifiers))
