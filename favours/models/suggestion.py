"""The weekly rounds of suggestions: who could use a tip, why, and how the member answered."""

from __future__ import annotations

from hashlib import sha256

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Conversation, Owned, Reminder, Topic, owner_key
from favours.models.tip import TipBoxItem

MARK_LENGTH = 16


def mark_of(sentence: str) -> str:
    """Returns a mark by which a sentence of somebody's notes can be found again, as long as it does not change."""
    return sha256(sentence.encode()).hexdigest()[:MARK_LENGTH]


class Round(Owned):
    """The suggestions of one ISO week, drawn up once so that Today and the weekly letter show the same people.

    `day` is the member's date for which the round was made, `made_at` the time at which it was made. A week with nobody
    to suggest has a round too, until there is somebody. `question` is a need that the letter asks about. `listed` holds
    the suggestions in order, once favours/suggestions/rounds.py has loaded them.
    """

    network = owner_key("rounds")
    year = models.PositiveSmallIntegerField(_("ISO year"))
    week = models.PositiveSmallIntegerField(_("ISO week"))
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    question = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    listed: list[Suggestion]

    class Meta:
        verbose_name = _("weekly suggestions")
        verbose_name_plural = _("weekly suggestions")
        constraints = [
            models.UniqueConstraint(fields=["network", "year", "week"], name="round_once_a_week"),
            models.CheckConstraint(name="round_week_exists", condition=Q(week__range=(1, 53))),
        ]

    def __str__(self) -> str:
        return f"{self.year}-W{self.week:02}"


class Suggestion(Owned):
    """One person in a round. `score` decided their place, after rotation; it is never shown.

    A person whom the member has helped or talked to since the round was made counts as acted on; that is read from the
    journal, not stored. `later_until` belongs to the state "later". `asked_at` is when the member reached out; after
    that Today asks once what came of it. `signals` holds the reasons, strongest first, if rounds.py has loaded them.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        LATER = "later", _("later")
        UNFIT = "unfit", _("doesn’t fit")
        NEVER = "never", _("not any more")
        DISMISSED = "dismissed", _("dismissed")

    network = owner_key("suggestions")
    round = models.ForeignKey(Round, models.CASCADE, related_name="suggestions")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="suggestions")
    position = models.PositiveSmallIntegerField(_("position"))
    score = models.FloatField()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    later_until = models.DateField(_("later, from"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)

    signals: list[Signal]

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "contact"], name="suggestion_once_a_round"),
            models.CheckConstraint(
                name="suggestion_has_state", condition=Q(state__in=["open", "later", "unfit", "never", "dismissed"])
            ),
            models.CheckConstraint(
                name="suggestion_later_until",
                condition=Q(state="later", later_until__isnull=False) | ~Q(state="later") & Q(later_until=None),
            ),
        ]
        indexes = [models.Index(fields=["network", "contact"], name="suggestion_by_contact")]

    def __str__(self) -> str:
        return str(self.uuid)


class Signal(Owned):
    """One reason for a suggestion, as data: its kind and the rows behind it. It is put into words only when shown.

    No text is stored, so whatever is changed, settled or erased later shows in its current state, or not at all. A
    match for `topic` (what the contact seeks) is based on exactly one of these: an `other_topic` (an offer by the
    contact `other`, or the member's own if there is no `other`), a role or organisation of `other` (`implied` says
    which), or a `tip` from the tip box. A signal that the contact may know about the member's own ask (`topic`) is
    likewise based on an `other_topic` of theirs, or on their role, organisation or notes; `sentence` identifies the
    sentence of the notes, by `mark_of`. `day` is the date that the kind counts from: when something was heard or noted,
    when the two were last in touch, or when the event will be.
    """

    class Kind(models.TextChoices):
        MATCH = "match", _("somebody offers what they seek")
        SEEKS = "seeks", _("seeks something")
        INTEREST = "interest", _("a kept tip fits an interest")
        MILESTONE = "milestone", _("something is about to happen")
        NEWS = "news", _("there was news")
        QUIET = "quiet", _("quiet for long")
        ASK = "ask", _("may know about what the member seeks")

    class Implied(models.TextChoices):
        ROLE = "role", _("role")
        ORGANISATION = "organisation", _("organisation")
        NOTES = "notes", _("notes")

    network = owner_key("signals")
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="reasons")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    points = models.FloatField()
    is_strong = models.BooleanField(default=False)
    day = models.DateField(null=True, blank=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="signals")
    other = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="signals_about_others")
    other_topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="signals_of_others")
    implied = models.CharField(max_length=12, choices=Implied.choices, blank=True)
    sentence = models.CharField(max_length=MARK_LENGTH, blank=True, editable=False)
    tip = models.ForeignKey(TipBoxItem, models.CASCADE, null=True, blank=True, related_name="signals")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="signals")
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, blank=True, related_name="signals")

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["network", "suggestion", "position"], name="signal_in_order"),
            models.CheckConstraint(
                name="signal_has_kind",
                condition=Q(kind__in=["match", "seeks", "interest", "milestone", "news", "quiet", "ask"]),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
