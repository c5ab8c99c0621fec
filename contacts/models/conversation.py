"""Conversations with one or more contacts, and the news heard in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.network import Owned, owner_key


class PresentConversationManager(models.Manager["Conversation"]):
    """Manager for conversations that are not in the trash."""

    def get_queryset(self) -> models.QuerySet[Conversation]:
        return super().get_queryset().filter(deleted_at=None)


class Conversation(Owned):
    """A conversation on one day. `is_news` marks its note as news about the people it was with.

    `search_text` is the folded place, note and topics heard. `client_key` comes from the form that logged the
    conversation and makes a repeated POST harmless.
    """

    network = owner_key("conversations")
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=20_000)
    is_news = models.BooleanField(_("is news"), default=False)
    search_text = models.TextField(blank=True, editable=False)
    client_key = models.UUIDField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    contacts = models.ManyToManyField(Contact, through="ConversationParticipation", related_name="conversations")

    objects = PresentConversationManager()
    with_trash: models.Manager[Conversation] = models.Manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "client_key"],
                condition=Q(client_key__isnull=False),
                name="conversation_logged_once",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "-day", "-id"], condition=Q(deleted_at=None), name="conversation_by_day"),
            models.Index(
                fields=["network", "deleted_at"], condition=Q(deleted_at__isnull=False), name="conversation_in_trash"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ConversationParticipation(Owned):
    network = owner_key("conversation_participations")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="conversation_participations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "contact"], name="conversation_participation_once")
        ]
        indexes = [models.Index(fields=["network", "contact"], name="talk_by_contact")]

    def __str__(self) -> str:
        return str(self.uuid)
