"""Topics: what somebody seeks, offers or is interested in. Tips are based on them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.conversation import Conversation
from contacts.models.network import Owned, owner_key

ASLEEP_AFTER = timedelta(days=90)


class PresentTopicManager(models.Manager["Topic"]):
    """Manager for topics that are not in the trash, by themselves or with their contact or conversation."""

    def get_queryset(self) -> models.QuerySet[Topic]:
        topics = super().get_queryset()
        return topics.filter(deleted_at=None, contact__deleted_at=None, conversation__deleted_at=None)


class Topic(Owned):
    """Something that a contact seeks, offers or is interested in.

    Without a contact, it is the member's own: an offer, or an ask (something the member is looking for). `noted_on` is
    the day it was heard, `renewed_on` the day it was last confirmed. Closed topics are kept. A topic heard in a
    `conversation` goes to the trash and comes back with it; `deleted_at` is set only for a topic deleted by itself.
    """

    class Kind(models.TextChoices):
        SEEKS = "seeks", _("looking for")
        OFFERS = "offers", _("offers")
        INTEREST = "interest", _("interested in")

    network = owner_key("topics")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="topics")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=500)
    noted_on = models.DateField(_("noted on"))
    renewed_on = models.DateField(_("renewed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, blank=True, related_name="topics")

    objects = PresentTopicManager()
    with_trash: models.Manager[Topic] = models.Manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["-noted_on", "-id"]
        constraints = [
            models.CheckConstraint(name="topic_has_kind", condition=Q(kind__in=["seeks", "offers", "interest"])),
            models.CheckConstraint(
                name="topic_of_member",
                condition=Q(contact__isnull=False) | Q(kind__in=["offers", "seeks"]),
            ),
        ]
        indexes = [
            models.Index(fields=["network", "kind", "closed_on"], name="topic_by_kind"),
            models.Index(
                fields=["network", "deleted_at"], condition=Q(deleted_at__isnull=False), name="topic_in_trash"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_asleep(self, today: date) -> bool:
        """Return whether the topic was neither noted nor renewed in the 90 days before `today`."""
        return today - (self.renewed_on or self.noted_on) > ASLEEP_AFTER
