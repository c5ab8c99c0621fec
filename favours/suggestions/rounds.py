"""The stored list of a week: making it once, and reading it.

Only `make_rounds` stores one; Today, the weekly letter and the sweep all use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import chain, groupby
from operator import itemgetter, or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from contacts.models import Contact, ConversationParticipation, Network, Topic
from favours.models import Participation, Round, Signal, Suggestion, TipBoxItem
from favours.suggestions.drawing import attach_rows, draw_up
from favours.suggestions.signals import Kind
from favours.suggestions.wording import offer_of

NETWORKS_AT_ONCE = 50
PEOPLE_AT_ONCE = 10_000
"""Maximum networks whose rounds are drawn up together, and people in all of them, unless it is a single network."""

REASONS_KEPT = timedelta(days=182)
"""Time for which the reasons of a suggestion are kept: links to it are valid for two weeks."""
ASKED_LATELY = timedelta(days=14)
"""Time for which Today asks about the outcome of a suggestion."""


def current_round(network: Network, day: date) -> Round | None:
    """Return the round of the ISO week of `day` with its suggestions, or None. Three queries, no writes."""
    return current_rounds([network], day).get(network)


def current_rounds(networks: Collection[Network], day: date) -> dict[Network, Round]:
    """Return the existing rounds of several networks. Three queries, no writes."""
    year, week, _weekday = day.isocalendar()
    found = Round.objects.filter(network__in=networks, year=year, week=week).in_bulk()
    for made in found.values():
        made.listed = []
    for suggestion in _read(networks, Q(round__in=found)):
        found[suggestion.round_id].listed.append(suggestion)
    by_network = {made.network_id: made for made in found.values()}
    return {network: by_network[network.pk] for network in networks if network.pk in by_network}


def make_round(network: Network, day: date) -> Round:
    """Return the round of the ISO week of `day`; if there is none, or an empty one, make it as of that day.

    If two workers make it at the same time, the second one reads the round that the first has stored.
    """
    return make_rounds([network], day)[network]


def make_rounds(networks: Collection[Network], day: date) -> dict[Network, Round]:
    """Return the rounds of several networks whose members have the date `day`, making those that are missing or empty.

    Four queries if all exist and none is empty.
    """
    known = current_rounds(networks, day)
    nobody_there = [made.pk for made in known.values() if not made.listed]
    still_there = Suggestion.objects.filter(network__in=networks, round__in=nobody_there)
    stays_so = set(still_there.values_list("round", flat=True))
    rounds = {network: made for network, made in known.items() if made.listed or made.pk in stays_so}
    missing = [network for network in networks if network not in rounds]
    for some in _portions(missing):
        drawn = draw_up(some, day)
        _store(drawn, in_place_of=[known[network].pk for network in some if network in known])
        rounds |= {made.network: made for made in drawn} | current_rounds(some, day)
    return {network: rounds[network] for network in networks}


def preview(network: Network, day: date) -> Round:
    """Return the round that would be made on `day`, unsaved."""
    (drawn,) = draw_up([network], day)
    attach_rows(network, drawn)
    return drawn


def open_suggestions(network: Network, made: Round) -> list[Suggestion]:
    """Return the open suggestions of a round: not answered, and not helped or talked to since. Two queries."""
    return open_suggestions_of({network: made})[network]


def open_suggestions_of(rounds: Mapping[Network, Round]) -> dict[Network, list[Suggestion]]:
    """Return the open suggestions of the rounds of several networks. Two queries."""
    unanswered = {
        network: [each for each in made.listed if each.state == Suggestion.State.OPEN]
        for network, made in rounds.items()
    }
    acted_on = acted_on_since(rounds.keys(), [each for waiting in unanswered.values() for each in waiting])
    return {network: [each for each in waiting if each not in acted_on] for network, waiting in unanswered.items()}


def find_suggestion(network: Network, uuid: UUID) -> Suggestion | None:
    """Return the suggestion, of any week, if its person and a reason are still valid, else None. Two queries."""
    return next(iter(_read([network], Q(uuid=uuid))), None)


def asked_before(network: Network, made: Round | None, today: date) -> list[Suggestion]:
    """Return the suggestions whose people the member asked within two weeks, but has not helped or talked to since.

    Those of the round `made` are left out.
    """
    asked = Q(asked_at__gte=timezone.now() - ASKED_LATELY, state=Suggestion.State.OPEN, round__day__lte=today)
    waiting = _read([network], asked & ~Q(round=made) if made else asked)
    acted_on = acted_on_since([network], waiting)
    return [each for each in waiting if each not in acted_on]


def acted_on_since(networks: Collection[Network], suggestions: Collection[Suggestion]) -> set[Suggestion]:
    """Return the suggestions with whose people there was help or a conversation after the round. Two queries."""
    if not suggestions:
        return set()
    since = min(each.round.made_at for each in suggestions)
    touched = {"network__in": networks, "contact__in": {each.contact_id for each in suggestions}}
    helped = Participation.objects.filter(is_active=True, favour__created_at__gt=since, **touched)
    talks = ConversationParticipation.objects.filter(
        conversation__deleted_at=None, conversation__created_at__gt=since, **touched
    )
    touches: defaultdict[int, list[tuple[date, datetime]]] = defaultdict(list)
    for contact, day, logged_at in chain(
        helped.values_list("contact", "day", "favour__created_at"),
        talks.values_list("contact", "conversation__day", "conversation__created_at"),
    ):
        touches[contact].append((day, logged_at))
    return {
        each
        for each in suggestions
        if any(day >= each.round.day and at > each.round.made_at for day, at in touches[each.contact_id])
    }


def networks_without_round(now: datetime, limit: int) -> list[int]:
    """Return the keys of at most `limit` networks that have people, but no round in the member's current week.

    An empty round does not count once people, topics or tips were added, so a member who starts in the middle of a week
    needn't wait for the next. At any time there are at most three dates on earth, so a few queries serve all time
    zones.
    """
    zones = Network.objects.order_by().values_list("owner__time_zone", flat=True).distinct()
    dated = sorted((now.astimezone(ZoneInfo(zone)).date(), zone) for zone in zones)
    found: list[int] = []
    for day, group in groupby(dated, key=itemgetter(0)):
        year, week, _weekday = day.isocalendar()
        weekly = Round.objects.filter(network=OuterRef("pk"), year=year, week=week)
        made = weekly.filter(_names_somebody() | ~_was_added_since())
        people = Contact.objects.filter(network=OuterRef("pk"))
        there = Network.objects.filter(owner__time_zone__in=[zone for _day, zone in group])
        missing = there.filter(~Exists(made), Exists(people)).order_by("pk").values_list("pk", flat=True)
        found.extend(missing[: limit - len(found)])
    return found


def _names_somebody() -> Q:
    return Q(Exists(Suggestion.objects.filter(round=OuterRef("pk"))))


def _was_added_since() -> Q:
    """Return the condition that people, topics or tips were added after the round was made."""
    since = {"network": OuterRef("network"), "created_at__gt": OuterRef("made_at")}
    added = (Contact.objects, Topic.objects, TipBoxItem.objects)
    return reduce(or_, (Q(Exists(rows.filter(**since))) for rows in added))


def _portions(networks: Sequence[Network]) -> Iterator[list[Network]]:
    """Yield the networks in groups that are small enough to be held in memory at once. At most one query."""
    if len(networks) < 2:
        yield from ([each] for each in networks)
        return
    counted = Contact.objects.filter(network__in=networks).order_by().values_list("network")
    people = dict(counted.annotate(people=Count("pk")))
    group: list[Network] = []
    held = 0
    for network in networks:
        held += people.get(network.pk, 0)
        if group and (held > PEOPLE_AT_ONCE or len(group) == NETWORKS_AT_ONCE):
            yield group
            group, held = [], people.get(network.pk, 0)
        group.append(network)
    yield group


@transaction.atomic
def _store(drawn: Sequence[Round], in_place_of: Collection[int]) -> None:
    """Store rounds unless another worker was first, and delete those that they replace if these are still empty."""
    networks = [made.network for made in drawn]
    if in_place_of:
        Round.objects.filter(~_names_somebody(), network__in=networks, pk__in=in_place_of).delete()
    Round.objects.bulk_create(drawn, ignore_conflicts=True)
    stored = Round.objects.filter(network__in=networks, uuid__in=[made.uuid for made in drawn])
    keys = dict(stored.values_list("uuid", "pk"))
    ours = [made for made in drawn if made.uuid in keys]
    for made in ours:
        made.pk = keys[made.uuid]
    suggestions = Suggestion.objects.bulk_create(each for made in ours for each in made.listed)
    Signal.objects.bulk_create(signal for each in suggestions for signal in each.signals)


def _read(networks: Collection[Network], wanted: Q) -> list[Suggestion]:
    """Return suggestions of present people that have valid reasons, with these reasons. Two queries."""
    people = Q(contact__deleted_at=None, contact__archived_at=None, contact__has_died=False)
    found = Suggestion.objects.filter(wanted, people, network__in=networks).select_related("contact", "round")
    suggestions = list(found.order_by("round", "position"))
    contacts = {suggestion.pk: suggestion.contact for suggestion in suggestions}
    reasons: defaultdict[int, list[Signal]] = defaultdict(list)
    rows = ("topic__conversation", "other", "other_topic__conversation", "tip", "conversation", "reminder")
    for signal in Signal.objects.filter(network__in=networks, suggestion__in=suggestions).select_related(*rows):
        if _holds(signal, contacts[signal.suggestion_id]):
            reasons[signal.suggestion_id].append(signal)
    for suggestion in suggestions:
        suggestion.signals = reasons[suggestion.pk]
    return [suggestion for suggestion in suggestions if suggestion.signals]


def _holds(signal: Signal, contact: Contact) -> bool:
    """Return whether nothing that the reason for suggesting a contact is based on was settled, used or deleted."""
    is_memory = signal.kind == Kind.QUIET
    return (
        _is_there(signal.topic, may_be_closed=is_memory)
        and _is_there(signal.other_topic)
        and (signal.other is None or _may_be_named(signal.other))
        and (signal.tip is None or signal.tip.used_on is None)
        and (signal.conversation is None or signal.conversation.deleted_at is None)
        and (signal.reminder is None or signal.reminder.ended_at is None)
        and (not signal.sentence or offer_of(signal, contact) != "")
    )


def _is_there(topic: Topic | None, *, may_be_closed: bool = False) -> bool:
    if topic is None:
        return True
    in_trash = topic.deleted_at is not None or (
        topic.conversation is not None and topic.conversation.deleted_at is not None
    )
    return not in_trash and (may_be_closed or topic.closed_on is None)


def _may_be_named(contact: Contact) -> bool:
    return contact.deleted_at is None and contact.archived_at is None and not contact.has_died


def forget_old_reasons(now: datetime) -> None:
    """Delete the reasons of suggestions made half a year before `now`.

    Reasons that did not fit are kept, so that they are not given again.
    """
    old = Round.objects.filter(day__lte=now.date() - REASONS_KEPT)
    unfit = Q(suggestion__state=Suggestion.State.UNFIT)
    Signal.objects.filter(~unfit, suggestion__round__in=old).delete()
