"""An invented network to explore or to measure with. The same seed produces the same people and entries.

It counts as one import and is undone as a whole, like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.cards import Way
from contacts.database.batches import batches
from contacts.models import Contact, Conversation, ConversationParticipation, ImportChange, ImportRun, Network, Topic
from contacts.people.contact_days import refresh_last_contact
from contacts.people.directory import add_contacts
from contacts.people.person import Person
from contacts.people.search import refresh_search_texts
from contacts.text import fold
from favours.journal.writing import Entry, log_favours
from favours.models import Favour
from favours.sample.words import ENGLISH, GERMAN, Words

IS_SAMPLE: dict[str, Any] = {"is_sample": True, "state": ImportRun.State.DONE}
"""Filter for the import run of a sample that is in place now."""

CONTACTS = 40
FAVOURS = 60
DAYS = 730
AT_ONCE = 500

KINDS = ("tip", "introduction", "recommendation", "advice", "support", "other")
WEIGHTS_OF_KINDS = (40, 20, 12, 14, 10, 4)
GIVEN = 0.6
PASSED_ON = 0.06
PEOPLE_IN_ONE = (1, 2, 3, 5)
WEIGHTS_OF_PEOPLE = (74, 19, 5, 2)


def add_sample(network: Network, *, contacts: int = CONTACTS, favours: int = FAVOURS, seed: int = 1) -> ImportRun:
    """Add invented contacts and favours of the last 24 months, a few hundred per transaction; return the run."""
    run = _new_run(network, contacts)
    run.save()
    return _filled(network, run, contacts=contacts, favours=favours, seed=seed)


def add_sample_once(network: Network) -> bool:
    """Add the sample unless there is one already, or another request is adding it. Return whether it was added."""
    with transaction.atomic():
        network.lock()
        if sample_run(network) is not None:
            return False
        run = _new_run(network, CONTACTS)
        run.save()
    _filled(network, run, contacts=CONTACTS, favours=FAVOURS, seed=1)
    return True


def _new_run(network: Network, contacts: int) -> ImportRun:
    return ImportRun(
        network=network,
        format="sample",
        is_sample=True,
        state=ImportRun.State.DONE,
        rows_total=contacts,
        rows_done=contacts,
        report={"read": contacts, "created": contacts},
    )


def _filled(network: Network, run: ImportRun, *, contacts: int, favours: int, seed: int) -> ImportRun:
    random = Random(seed)  # noqa: S311 - plausible people, not secrets
    people = [
        contact
        for numbers in batches(range(contacts), AT_ONCE)
        for contact in _add_people(network, run, random, numbers)
    ]
    if people:
        _add_favours(network, random, people, favours)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


def sample_run(network: Network) -> ImportRun | None:
    """Return the import run of the sample now in the network, if there is one."""
    return network.import_runs.filter(**IS_SAMPLE).order_by("-created_at").first()


def with_sample(networks: Collection[Network]) -> set[int]:
    """Return the primary keys of those of the networks that have a sample in them now."""
    runs = ImportRun.objects.filter(network__in=networks, **IS_SAMPLE)
    return set(runs.values_list("network", flat=True))


def forget_round(network: Network, contact_ids: Collection[int]) -> None:
    """Drop the week's suggestions if everybody in them is leaving; the sweep makes new ones from those who stay.

    Only a sample takes suggested people with it: undoing any other import keeps every contact that something else
    refers to.
    """
    year, week, _weekday = network.today().isocalendar()
    of_others = network.suggestions.exclude(contact__in=contact_ids)
    network.rounds.filter(year=year, week=week).exclude(suggestions__in=of_others).delete()


@transaction.atomic
def _add_people(network: Network, run: ImportRun, random: Random, numbers: Iterable[int]) -> list[Contact]:
    """Add people, with topics they seek and offer and conversations with them."""
    spoken = [random.choices((GERMAN, ENGLISH), (2, 1))[0] for _number in numbers]
    people = [_person(random, words, number) for words, number in zip(spoken, numbers, strict=True)]
    contacts = add_contacts(network, people)
    network.import_changes.bulk_create(
        ImportChange(network=network, run=run, contact=contact, created=True) for contact in contacts
    )
    today = network.today()
    talks, parts = [], []
    for contact, words in zip(contacts, spoken, strict=True):
        for _number in range(random.choices((0, 1, 2, 3), (40, 35, 15, 10))[0]):
            talk = _talk(network, random, words, today)
            talks.append(talk)
            parts.append(ConversationParticipation(network=network, conversation=talk, contact=contact))
    network.conversations.bulk_create(talks)
    network.conversation_participations.bulk_create(parts)
    refresh_search_texts(network, talks)
    refresh_last_contact(network, {contact.pk for contact in contacts})
    _date_topics(network, random, contacts, today)
    return contacts


def _person(random: Random, words: Words, number: int) -> Person:
    given, family, trade = random.choice(words.given), random.choice(words.family), random.choice(words.trades)
    place = random.choice(words.places)
    fields: dict[str, object] = {
        "given_name": given,
        "family_name": family,
        "role": trade.role,
        "organisation": f"{trade.organisation} {random.choice(words.family)}",
        "city": random.choice(words.cities),
        "would_call": random.random() < 0.3,
    }
    if random.random() < 0.5:
        fields |= {"birth_month": random.randint(1, 12), "birth_day": random.randint(1, 28)}
    if random.random() < 0.4:
        fields["how_met"] = words.how_met.format(place=place)
    ways = []
    if random.random() < 0.8:
        address = f"{fold(given)}.{fold(family)}.{number}".replace(" ", "")
        ways.append(Way("email", f"{address}@example.org", "work"))
    if random.random() < 0.6:
        ways.append(Way("phone", words.phone.format(digits=f"{random.randrange(1000):03}"), "mobile"))
    topics = [("offers", offer) for offer in trade.offers if random.random() < 0.6]
    if random.random() < 0.35:
        topics.append(("seeks", random.choice(trade.seeks)))
    if random.random() < 0.3:
        topics.append(("interest", random.choice(words.interests)))
    circles = random.sample(words.circles, random.choices((0, 1, 2), (40, 45, 15))[0])
    return Person.of(fields, ways=ways, circles=circles, topics=topics)


def _talk(network: Network, random: Random, words: Words, today: date) -> Conversation:
    is_news = random.random() < 0.25
    return Conversation(
        network=network,
        day=_day(random, today),
        place=random.choice(words.places) if random.random() < 0.5 else "",
        note=random.choice(words.news if is_news else words.talks),
        is_news=is_news,
    )


def _date_topics(network: Network, random: Random, contacts: list[Contact], today: date) -> None:
    """Spread the days on which topics were heard over half a year, most of them recent; some have fallen asleep."""
    topics = list(network.topics.filter(contact__in=contacts).order_by("pk"))
    for topic in topics:
        topic.noted_on = today - timedelta(days=int(180 * random.random() ** 1.5))
    Topic.objects.bulk_update(topics, ["noted_on"], batch_size=AT_ONCE)


def _add_favours(network: Network, random: Random, people: list[Contact], count: int) -> None:
    """Add help that involves some people often and most of them rarely, as in life."""
    random.shuffle(people)
    frequencies = list(accumulate(1 / (rank + 3) for rank in range(len(people))))
    received: list[Favour] = []
    for numbers in batches(range(count), AT_ONCE):
        entries = list(_entries(network, random, people, frequencies, received, len(numbers)))
        favours = log_favours(network, entries)
        received = [favour for favour in favours if favour.direction == Favour.Direction.RECEIVE]


def _entries(
    network: Network,
    random: Random,
    people: list[Contact],
    frequencies: list[float],
    received: list[Favour],
    count: int,
) -> Iterator[Entry]:
    today = network.today()
    for _number in range(count):
        direction = "give" if random.random() < GIVEN else "receive"
        kind = random.choices(KINDS, WEIGHTS_OF_KINDS)[0]
        number = random.choices(PEOPLE_IN_ONE, WEIGHTS_OF_PEOPLE)[0] + (kind == "introduction")
        words = random.choice((GERMAN, ENGLISH))
        passes_on = random.choice(received) if received and random.random() < PASSED_ON else None
        yield Entry(
            direction=direction,
            kind=kind,
            day=_day(random, today),
            contacts=list(dict.fromkeys(random.choices(people, cum_weights=frequencies, k=number))),
            place=random.choice(words.places) if random.random() < 0.3 else "",
            note=random.choice(words.help[kind]) if random.random() < 0.7 else "",
            passes_on=passes_on if direction == "give" else None,
        )


def _day(random: Random, today: date) -> date:
    """Return a random day of the last 24 months, with later days slightly more likely."""
    return today - timedelta(days=int(DAYS * random.random() ** 1.3))
