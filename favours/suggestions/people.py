"""What is known of the people of some networks, but for the evidence to suggest them.

The number of queries depends neither on the number of networks nor on their size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import F, Max

from contacts.models import CircleMembership, Contact, ConversationParticipation, Network
from contacts.text import fold
from favours.models import Participation, Signal, Suggestion
from favours.suggestions.scoring import Candidate, Showing
from favours.suggestions.signals import Evidence

State = Suggestion.State


def people_of(
    networks: Collection[Network], on: date, newest_seeks: Mapping[int, date]
) -> dict[int, dict[int, Candidate]]:
    """Returns, by the key of their network and their own, everybody alive and not archived, without their evidence.

    `newest_seeks` says when the latest need of people was noted, by their keys. At most six queries.
    """
    rows = list(
        Contact.objects.filter(network__in=networks, archived_at=None, has_died=False)
        .order_by("pk")
        .values_list("network", "pk", "display_name", "organisation", "last_contact_on", "connected_on", "would_call")
    )
    in_circles = set(CircleMembership.objects.filter(network__in=networks).values_list("contact", flat=True))
    is_past = all(last_contact_on is None or last_contact_on <= on for *_rest, last_contact_on, _day, _call in rows)
    earlier = {} if is_past else _contact_days_until(networks, on)
    answers = _answers(networks, on)
    people: dict[int, dict[int, Candidate]] = {network.pk: {} for network in networks}
    for network, key, name, organisation, last_contact_on, connected_on, would_call in rows:
        touch = last_contact_on if last_contact_on is None or last_contact_on <= on else earlier.get(key)
        person = Candidate(
            key=key,
            name=name,
            organisation=fold(organisation),
            last_contact=touch,
            connected_on=connected_on,
            is_familiar=would_call or key in in_circles,
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
    monday = on - timedelta(days=on.weekday())
    answers: defaultdict[int, _Answers] = defaultdict(_Answers)
    unfit: list[int] = []
    before = Suggestion.objects.filter(network__in=networks, round__day__lt=monday).order_by("round__day", "pk")
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
