"""Measure what a week's suggestions cost a worker when the week of many members begins at once.

    python bench/rounds.py [--members 10000] [--workers 2] [--profile]
    python -m tests.servers python bench/rounds.py      the same on PostgreSQL

Each member has thirty contacts, most of them with a role and some in circles, needs, offers and interests, two kept
tips, conversations, news and help, and the lists of the four weeks before. The workers run the task of the sweep, a
hundred networks at a time. Queries count every statement, including those that open and close a transaction.
Processor time is that of the workers, without a database server's; elapsed time depends on what else the machine runs.
"""

from __future__ import annotations

import cProfile
import multiprocessing
import pstats
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate, islice
from time import perf_counter, process_time
from typing import Any, NamedTuple
from uuid import uuid4

import environment  # Sets Django up.
from django.db import connection
from django.utils import timezone

from accounts.models import User
from contacts.matching.words.lexicon import SOURCE
from contacts.models import (
    Circle,
    CircleMembership,
    Contact,
    Conversation,
    ConversationParticipation,
    Network,
    Topic,
)
from favours.models import Favour, Participation, Round, Suggestion, TipBoxItem
from favours.tasks import NETWORKS_AT_ONCE, make_rounds
from netcrm.celery import spare_collector

PEOPLE = 30
WEEKS_BEFORE = 4
MEMBERS_AT_ONCE = 500
WORDS = [word for line in SOURCE.read_text().splitlines() if line[:1].isalpha() for word in line.split()]
OFTEN = list(accumulate(1 / (rank + 10) for rank in range(len(WORDS))))
"""Cumulative weights of the words: a few are frequent and most are rare, as in real texts."""
NEWS = ["moving to Graz", "is writing a book", "hat die Stelle gewechselt"]


def main() -> None:
    parser = environment.parser_for_members(__doc__)
    parser.add_argument("--profile", action="store_true", help="show where one worker spends its time")
    options = parser.parse_args()
    environment.begin(options)
    keys = plant(options.members)
    environment.analyse()
    if options.profile:
        profile(keys)
        return
    environment.hang_up()
    batches = [keys[start : start + NETWORKS_AT_ONCE] for start in range(0, len(keys), NETWORKS_AT_ONCE)]
    begun = perf_counter()
    with multiprocessing.get_context("fork").Pool(options.workers, initializer=spare_collector) as pool:
        costs = pool.map(cost_of, batches, chunksize=1)
    seconds = perf_counter() - begun
    made = Round.objects.filter(network__in=keys, day=date_of(keys)).count()
    named = Suggestion.objects.filter(round__day=date_of(keys)).count()
    assert made == options.members, made
    print(f"{made:,} rounds with {named:,} suggestions in {seconds:,.0f} s by the clock;")
    print(
        f"a member: {sum(cost.queries for cost in costs) / made:.2f} queries, "
        f"{1000 * sum(cost.seconds for cost in costs) / made:.2f} ms of the processor"
    )


class Cost(NamedTuple):
    """The number of queries and the seconds of processor time of a job."""

    queries: int
    seconds: float


def cost_of(network_ids: Sequence[int]) -> Cost:
    """Run one job of the sweep and return its cost."""
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    begun = process_time()
    with connection.execute_wrapper(count):
        make_rounds(list(network_ids))
    return Cost(queries, process_time() - begun)


def profile(keys: Sequence[int]) -> None:
    """Print where the time of one worker goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for start in range(0, len(keys), NETWORKS_AT_ONCE):
        make_rounds(list(keys[start : start + NETWORKS_AT_ONCE]))
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(50)


def date_of(keys: Sequence[int]) -> date:
    """Return today's date for the members, who share one time zone."""
    return Network.objects.get(pk=keys[0]).today()


def plant(members: int) -> list[int]:
    """Create the members and return the keys of their networks."""
    numbers = iter(range(members))
    found: list[int] = []
    while some := list(islice(numbers, MEMBERS_AT_ONCE)):
        users = User.objects.bulk_create([User(email=f"member{number}@example.org") for number in some])
        networks = Network.objects.bulk_create([Network(owner=user) for user in users])
        for network in networks:
            network.text_revision = 1
        Network.objects.bulk_update(networks, ["text_revision"])
        fill(networks)
        found += [network.pk for network in networks]
    return found


def fill(networks: Sequence[Network]) -> None:
    """Give each network all the data that suggestions are based on."""
    chance = random.Random(networks[0].pk)
    today = networks[0].today()
    contacts = Contact.objects.bulk_create([each for network in networks for each in people(network, chance, today)])
    circles = Circle.objects.bulk_create(
        [Circle(network=network, name=name) for network in networks for name in ("Choir", "Chamber")]
    )
    by_network = {circle.network_id: (circle, other) for circle, other in zip(circles[::2], circles[1::2], strict=True)}
    CircleMembership.objects.bulk_create(
        CircleMembership(network_id=each.network_id, circle=chance.choice(by_network[each.network_id]), contact=each)
        for each in contacts
        if chance.random() < 0.5
    )
    Topic.objects.bulk_create(
        Topic(
            network_id=each.network_id,
            contact=each,
            kind=kind,
            text=phrase(chance, words),
            noted_on=today - timedelta(days=chance.randrange(120)),
        )
        for each in contacts
        for kind, words, share in (("seeks", 4, 0.3), ("offers", 3, 0.4), ("interest", 2, 0.2))
        if chance.random() < share
    )
    TipBoxItem.objects.bulk_create(
        TipBoxItem(network=network, text=phrase(chance, 5), kept_on=today) for network in networks for _tip in range(2)
    )
    moments(contacts, chance, today)
    earlier(networks, contacts, chance, today)


def phrase(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, cum_weights=OFTEN, k=words))


def people(network: Network, chance: random.Random, today: date) -> Iterator[Contact]:
    for number in range(PEOPLE):
        yield Contact(
            network=network,
            given_name=f"Person {number}",
            display_name=f"Person {number}",
            sort_name=f"person {number:02}",
            role=phrase(chance, 2) if chance.random() < 0.7 else "",
            organisation=f"Company {chance.randrange(60)}",
            connected_on=today - timedelta(days=chance.randrange(3000)),
            last_contact_on=today - timedelta(days=chance.randrange(1200)) if number % 3 else None,
            would_call=number % 5 == 0,
            text_revision=1,
        )


def moments(contacts: Sequence[Contact], chance: random.Random, today: date) -> None:
    """Log help, and for some people news, on the last day of contact."""
    known = [each for each in contacts if each.last_contact_on]
    favours = Favour.objects.bulk_create(
        Favour(network_id=each.network_id, direction="give", kind="tip", day=each.last_contact_on) for each in known
    )
    Participation.objects.bulk_create(
        Participation(
            network_id=each.network_id,
            favour=favour,
            contact=each,
            day=favour.day,
            direction="give",
            kind="tip",
            share=1.0,
        )
        for each, favour in zip(known, favours, strict=True)
    )
    told = [each for each in known if chance.random() < 0.3]
    talks = Conversation.objects.bulk_create(
        Conversation(network_id=each.network_id, day=each.last_contact_on, note=chance.choice(NEWS), is_news=True)
        for each in told
    )
    ConversationParticipation.objects.bulk_create(
        ConversationParticipation(network_id=each.network_id, conversation=talk, contact=each)
        for each, talk in zip(told, talks, strict=True)
    )


def earlier(networks: Sequence[Network], contacts: Sequence[Contact], chance: random.Random, today: date) -> None:
    """Store the lists of the previous weeks, without their reasons."""
    by_network: dict[int, list[Contact]] = {}
    for each in contacts:
        by_network.setdefault(each.network_id, []).append(each)
    days = [today - timedelta(weeks=week) for week in range(1, WEEKS_BEFORE + 1)]
    made_at = timezone.make_aware(datetime.combine(days[-1], time(6)))
    rounds = Round.objects.bulk_create(
        Round(network=network, year=day.isocalendar()[0], week=day.isocalendar()[1], day=day, made_at=made_at)
        for network in networks
        for day in days
    )
    Suggestion.objects.bulk_create(
        Suggestion(uuid=uuid4(), network_id=made.network_id, round=made, contact=contact, position=position, score=20.0)
        for made in rounds
        for position, contact in enumerate(chance.sample(by_network[made.network_id], 4))
    )


if __name__ == "__main__":
    main()
