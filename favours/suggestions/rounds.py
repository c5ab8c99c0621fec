"""The stored list of a week: making it once, and reading it.

Only `make_rounds` stores one; Today, the weekly letter and the sweep all use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import chain, groupby
from operator import itemgetter, or_
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contacts.models import Contact, ConversationParticipation, Network, Topic
from favours.models import Participation, Round, Signal, Suggestion, TipBoxItem
from favours.suggestions.evidence import candidates, memory_of
from favours.suggestions.scoring import MOST, Scored, suggest
from favours.suggestions.signals import Kind

KEPT_SIGNALS = 2
"""Signals stored per suggestion, as a score is based on two."""

REASONS_KEPT = timedelta(days=182)
"""How long the reasons of a suggestion are kept: links to it are valid for two weeks."""
ASKED_LATELY = timedelta(days=14)
"""How long Today asks what came of a suggestion."""


def current_round(network: Network, day: date) -> Round | None:
    """Returns the round of the ISO week of `day` with its suggestions, or None. Three queries, no writes."""
    return current_rounds([network], day).get(network)


def current_rounds(networks: Collection[Network], day: date) -> dict[Network, Round]:
    """Returns the rounds of several networks, as far as there are any. Three queries, no writes."""
    year, week, _weekday = day.isocalendar()
    found = Round.objects.filter(network__in=networks, year=year, week=week).in_bulk()
    for made in found.values():
        made.listed = []
    for suggestion in _read(networks, Q(round__in=found)):
        found[suggestion.round_id].listed.append(suggestion)
    by_network = {made.network_id: made for made in found.values()}
    return {network: by_network[network.pk] for network in networks if network.pk in by_network}


def make_round(network: Network, day: date) -> Round:
    """Returns the round of the ISO week of `day`, which is made as of that day if there is none, or an empty one.

    If two workers make it at the same time, the second one reads what the first has stored.
    """
    return make_rounds([network], day)[network]


def make_rounds(networks: Collection[Network], day: date) -> dict[Network, Round]:
    """Returns the rounds of several networks whose members have the date `day`. Four queries if all are there."""
    known = current_rounds(networks, day)
    nobody_there = [made.pk for made in known.values() if not made.listed]
    still_there = Suggestion.objects.filter(network__in=networks, round__in=nobody_there)
    stays_so = set(still_there.values_list("round", flat=True))
    rounds = {network: made for network, made in known.items() if made.listed or made.pk in stays_so}
    for network in networks:
        if network not in rounds:
            rounds[network] = _make(network, day, in_place_of=known.get(network))
    return rounds


def preview(network: Network, day: date) -> Round:
    """Returns the round, unsaved, as it would be made on `day`."""
    year, week, _weekday = day.isocalendar()
    most = network.letter_settings.values_list("length", flat=True).first() or MOST
    scored = [
        memory_of(network, each, day) if each.reason is Kind.QUIET else each
        for each in suggest(candidates(network, day), day, most=most)
    ]
    made = Round(network=network, year=year, week=week, day=day)
    people = network.contacts.in_bulk([each.candidate.key for each in scored])
    made.listed = [
        _suggestion(made, people[each.candidate.key], position, each) for position, each in enumerate(scored)
    ]
    _attach_rows(network, [signal for suggestion in made.listed for signal in suggestion.signals])
    return made


def open_suggestions(network: Network, made: Round) -> list[Suggestion]:
    """Returns the open suggestions of a round: not answered, and not helped or talked to since. Two queries."""
    return open_suggestions_of({network: made})[network]


def open_suggestions_of(rounds: Mapping[Network, Round]) -> dict[Network, list[Suggestion]]:
    """Returns the open suggestions of the rounds of several networks. Two queries."""
    unanswered = {
        network: [each for each in made.listed if each.state == Suggestion.State.OPEN]
        for network, made in rounds.items()
    }
    acted_on = acted_on_since(rounds.keys(), [each for waiting in unanswered.values() for each in waiting])
    return {network: [each for each in waiting if each not in acted_on] for network, waiting in unanswered.items()}


def find_suggestion(network: Network, uuid: UUID) -> Suggestion | None:
    """Returns the suggestion, of any week, if its person and a reason are still valid, else None. Two queries."""
    return next(iter(_read([network], Q(uuid=uuid))), None)


def asked_before(network: Network, made: Round | None, today: date) -> list[Suggestion]:
    """Returns the suggestions of rounds other than `made` whose people the member asked within two weeks, but has not
    helped or talked to since.
    """
    asked = Q(asked_at__gte=timezone.now() - ASKED_LATELY, state=Suggestion.State.OPEN, round__day__lte=today)
    waiting = _read([network], asked & ~Q(round=made) if made else asked)
    acted_on = acted_on_since([network], waiting)
    return [each for each in waiting if each not in acted_on]


def acted_on_since(networks: Collection[Network], suggestions: Collection[Suggestion]) -> set[Suggestion]:
    """Returns those whose people the member helped, was helped by or talked to after the round. Two queries."""
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
    """Returns the keys of at most `limit` networks that have people, but no round in the member's current week.

    A round that names nobody counts as none once people, topics or tips were added, so a member who starts in the
    middle of a week needn't wait for the next. At any time there are at most three dates on earth, so a few queries
    serve all time zones.
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
    """Returns the condition that people, topics or tips were added after the round was made."""
    since = {"network": OuterRef("network"), "created_at__gt": OuterRef("made_at")}
    added = (Contact.objects, Topic.objects, TipBoxItem.objects)
    return reduce(or_, (Q(Exists(rows.filter(**since))) for rows in added))


def _suggestion(made: Round, contact: Contact, position: int, scored: Scored) -> Suggestion:
    """Returns a suggestion with its signals, unsaved."""
    network = made.network
    suggestion = Suggestion(network=network, round=made, contact=contact, position=position, score=scored.score)
    suggestion.signals = [
        Signal(
            network=network,
            suggestion=suggestion,
            position=rank,
            points=points,
            **evidence.fields,
        )
        for rank, (evidence, points) in enumerate(scored.signals[:KEPT_SIGNALS])
    ]
    return suggestion


def _make(network: Network, day: date, in_place_of: Round | None) -> Round:
    """Make, store and return a round, or return the one that another worker has stored meanwhile."""
    made = preview(network, day)
    try:
        with transaction.atomic():
            _store(made, in_place_of=in_place_of)
    except IntegrityError:
        pass  # Another worker was first.
    return current_round(network, day) or made


def _store(made: Round, in_place_of: Round | None) -> None:
    """Store a round in the current transaction, and delete the one that it replaces, if that is still empty."""
    if in_place_of is not None:
        made.network.rounds.filter(~_names_somebody(), pk=in_place_of.pk).delete()
    made.save()
    Suggestion.objects.bulk_create(made.listed)
    Signal.objects.bulk_create(signal for suggestion in made.listed for signal in suggestion.signals)


def _read(networks: Collection[Network], wanted: Q) -> list[Suggestion]:
    """Returns suggestions of present people that have valid reasons, with these reasons. Two queries."""
    people = Q(contact__deleted_at=None, contact__archived_at=None, contact__has_died=False)
    found = Suggestion.objects.filter(wanted, people, network__in=networks).select_related("contact", "round")
    suggestions = list(found.order_by("round", "position"))
    reasons: defaultdict[int, list[Signal]] = defaultdict(list)
    rows = ("topic__conversation", "other", "other_topic__conversation", "tip", "conversation", "reminder")
    for signal in Signal.objects.filter(network__in=networks, suggestion__in=suggestions).select_related(*rows):
        if _holds(signal):
            reasons[signal.suggestion_id].append(signal)
    for suggestion in suggestions:
        suggestion.signals = reasons[suggestion.pk]
    return [suggestion for suggestion in suggestions if suggestion.signals]


def _attach_rows(network: Network, signals: Collection[Signal]) -> None:
    """Set the rows that unsaved signals refer to. Six queries."""
    sources: dict[str, QuerySet[Any]] = {
        "topic": network.topics.all(),
        "other": network.contacts.all(),
        "other_topic": network.topics.all(),
        "tip": network.tip_box_items.all(),
        "conversation": network.conversations.all(),
        "reminder": network.reminders.all(),
    }
    for name, rows in sources.items():
        found = rows.in_bulk({key for signal in signals if (key := getattr(signal, f"{name}_id")) is not None})
        for signal in signals:
            setattr(signal, name, found.get(getattr(signal, f"{name}_id")))


def _holds(signal: Signal) -> bool:
    """Returns whether nothing that the reason is based on was settled, used or deleted since."""
    is_memory = signal.kind == Kind.QUIET
    return (
        _is_there(signal.topic, may_be_closed=is_memory)
        and _is_there(signal.other_topic)
        and (signal.other is None or _may_be_named(signal.other))
        and (signal.tip is None or signal.tip.used_on is None)
        and (signal.conversation is None or signal.conversation.deleted_at is None)
        and (signal.reminder is None or signal.reminder.ended_at is None)
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

    Those that did not fit are kept: they are not given again.
    """
    old = Round.objects.filter(day__lte=now.date() - REASONS_KEPT)
    unfit = Q(suggestion__state=Suggestion.State.UNFIT)
    Signal.objects.filter(~unfit, suggestion__round__in=old).delete()
