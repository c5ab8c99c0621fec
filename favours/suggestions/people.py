"""The facts about the people of some networks, except the evidence for suggesting them.

The number of queries depends neither on the number of networks nor on their size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Max, OuterRef, Q

from contacts.models import CircleMembership, Contact, ConversationParticipation, Network
from contacts.text import fold
from favours.models import Participation, Signal, Suggestion
from favours.suggestions.scoring import REST, Candidate, Showing
from favours.suggestions.signals import Evidence

LONG_SILENT = timedelta(days=730)
"""Time without contact after which a little-known person counts as having been silent for a long time."""

State = Suggestion.State


def people_of(
    networks: Collection[Network], on: date, newest_seeks: Mapping[int, date]
) -> dict[int, dict[int, Candidate]]:
    """Returns, by the keys of networks and contacts, all living contacts that are not archived, without their evidence.

    `newest_seeks` holds, by contact key, the day on which a contact's latest need was noted. At most seven queries.
    """
    rows = list(
        Contact.objects.filter(network__in=networks, archived_at=None, has_died=False)
        .annotate(has_few_moments=_has_few_moments(on))
        .order_by("pk")
        .values_list(
            "network",
            "pk",
            "display_name",
            "organisation",
            "last_contact_on",
            "connected_on",
            "would_call",
            "has_few_moments",
        )
    )
    circles: defaultdict[int, set[int]] = defaultdict(set)
    for key, circle in CircleMembership.objects.filter(network__in=networks).values_list("contact", "circle"):
        circles[key].add(circle)
    has_later = any(day and day > on for _network, _key, _name, _organisation, day, *_rest in rows)
    earlier = _contact_days_until(networks, on) if has_later else {}
    asked = _last_asked(networks, on)
    answers = _answers(networks, on)
    people: dict[int, dict[int, Candidate]] = {network.pk: {} for network in networks}
    for network, key, name, organisation, last_contact_on, connected_on, would_call, has_few_moments in rows:
        touch = last_contact_on if last_contact_on is None or last_contact_on <= on else earlier.get(key)
        person = Candidate(
            key=key,
            name=name,
            organisation=fold(organisation),
            last_contact=touch,
            connected_on=connected_on,
            is_familiar=would_call or key in circles,
            is_little_known=has_few_moments and on - (touch or connected_on or on) >= LONG_SILENT,
            circles=frozenset(circles.get(key, ())),
            last_asked=asked.get(key),
            newest_seeks=newest_seeks.get(key),
        )
        people[network][key] = answers[key].applied_to(person) if key in answers else person
    return people


def _contact_days_until(networks: Collection[Network], on: date) -> dict[int, date]:
    """Returns the last contact day up to `on` of people who also have a later one. Two queries."""
    later = {"network__in": networks, "contact__last_contact_on__gt": on}
    helped = Participation.objects.filter(is_active=True, day__lte=on, **later)
    talked = ConversationParticipation.objects.filter(conversation__deleted_at=None, conversation__day__lte=on, **later)
    touches: dict[int, date] = dict(helped.values_list("contact").annotate(latest=Max("day")))
    for contact, day in talked.values_list("contact").annotate(latest=Max("conversation__day")):
        touches[contact] = max(day, touches.get(contact, day))
    return touches


def _has_few_moments(on: date) -> ExpressionWrapper[Q]:
    """Returns the condition that there were at most two moments with a contact, and none in the two years up to `on`.

    The database only returns yes or no, whatever the direction of help; nothing is counted.
    """
    helped = Participation.objects.filter(contact=OuterRef("pk"), is_active=True, day__lte=on)
    talked = ConversationParticipation.objects.filter(
        contact=OuterRef("pk"), conversation__deleted_at=None, conversation__day__lte=on
    )
    since = on - LONG_SILENT
    lately = Exists(helped.filter(day__gt=since)) | Exists(talked.filter(conversation__day__gt=since))
    third = (
        Exists(helped[2:3])
        | Exists(talked[2:3])
        | (Exists(helped[1:2]) & Exists(talked[:1]))
        | (Exists(helped[:1]) & Exists(talked[1:2]))
    )
    known = Q(last_contact_on__gt=since, last_contact_on__lte=on)  # Avoids looking up most people's moments.
    return ExpressionWrapper(~(known | lately | third), output_field=BooleanField())


def _last_asked(networks: Collection[Network], on: date) -> dict[int, date]:
    """Returns the latest day within the last four weeks on which people were named as helpers for somebody else."""
    since = on - REST
    helpers = Signal.objects.filter(network__in=networks, position=0, other__isnull=False)
    recent = helpers.filter(suggestion__round__day__gt=since, suggestion__round__day__lt=_monday(on))
    return dict(recent.order_by("suggestion__round__day").values_list("other", "suggestion__round__day"))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class _Answers:
    """The days on which somebody was suggested, and the member's answers."""

    def __init__(self) -> None:
        self.shown: list[Showing] = []
        self.later_until: date | None = None
        self.never = False
        self.rejected: set[tuple[object, ...]] = set()

    def applied_to(self, person: Candidate) -> Candidate:
        return replace(
            person,
            shown=tuple(self.shown),
            later_until=self.later_until,
            never=self.never,
            rejected=frozenset(self.rejected),
        )


def _answers(networks: Collection[Network], on: date) -> dict[int, _Answers]:
    """Returns the answers by contact, from the rounds of earlier weeks. At most two queries."""
    answers: defaultdict[int, _Answers] = defaultdict(_Answers)
    unfit: list[int] = []
    before = Suggestion.objects.filter(network__in=networks, round__day__lt=_monday(on)).order_by("round__day", "pk")
    for key, contact, day, state, later_until in before.values_list(
        "pk", "contact", "round__day", "state", "later_until"
    ):
        answer = answers[contact]
        answer.shown.append(Showing(day, put_off=state == State.LATER))
        answer.never = answer.never or state == State.NEVER
        if later_until is not None:
            answer.later_until = max(later_until, answer.later_until or later_until)
        if state == State.UNFIT:
            unfit.append(key)
    rejected = Signal.objects.filter(network__in=networks, suggestion__in=unfit, position=0)
    for signal in rejected.annotate(contact=F("suggestion__contact")):
        answers[signal.contact].rejected.add(Evidence.of(signal).reason)
    return answers
