"""Whatever refers to two contacts, merging them and undoing it leaves every row as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contacts.cards import Way
from contacts.merging import merge, undo
from contacts.models import (
    Contact,
    DuplicatePair,
    ImportChange,
    ImportRow,
    ImportRun,
    ImportSource,
    Network,
    Owned,
    Photo,
    Relation,
    Reminder,
    SearchWord,
)
from contacts.people.circles import circles_by_name, set_circles
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.consistency import findings
from favours.journal.writing import trash_favour
from favours.models import Round, Signal, Suggestion
from tests.examples import examples
from tests.favours.entries import log_favour

PEOPLE = 4
FIRST_DAY = date(2025, 1, 1)

somebody = st.integers(0, PEOPLE - 1)
several = st.lists(somebody, min_size=1, max_size=PEOPLE, unique=True)
two = st.tuples(somebody, somebody).filter(lambda pair: pair[0] != pair[1])
days = st.integers(0, 700).map(lambda number: FIRST_DAY + timedelta(days=number))
words = st.sampled_from(["", "Anna", "Köln", "Straße", "O’Neill", "a\nb"])
addresses = st.sampled_from(["a@example.org", "A@example.org", "b@example.org"])
fields = st.fixed_dictionaries(
    {
        "given_name": words,
        "family_name": words,
        "city": words,
        "notes": words,
        "has_died": st.booleans(),
        "birth_year": st.sampled_from([None, 1980]),
        "extra_properties": st.lists(st.sampled_from(["X-A:1", "X-B:2"]), unique=True),
        "archived_at": st.sampled_from([None, timezone.now()]),
        "met_on": st.none() | days,
    }
)

help_given = st.tuples(st.just("help"), several, days, st.sampled_from(["give", "receive"]), st.booleans())
talk = st.tuples(st.just("talk"), several, days)
topic = st.tuples(st.just("topic"), somebody, days)
circle = st.tuples(st.just("circle"), somebody, st.sampled_from(["Choir", "IHK"]))
photo = st.tuples(st.just("photo"), somebody)
reminder = st.tuples(st.just("reminder"), somebody, days)
relation = st.tuples(st.just("relation"), two, st.sampled_from(["spouse", "colleague"]))
pair = st.tuples(st.just("pair"), two, st.sampled_from(["open", "distinct"]))
imported = st.tuples(st.just("imported"), somebody, st.booleans())
suggested = st.tuples(st.just("suggested"), somebody, st.integers(1, 2), somebody)
histories = st.lists(
    st.one_of(help_given, talk, topic, circle, photo, reminder, relation, pair, imported, suggested), max_size=25
)


def live(network: Network, people: list[Contact], event: tuple[Any, ...], run: ImportRun) -> None:
    """Apply an event; one that may happen only once is ignored if repeated."""
    match event:
        case "help", contacts, day, direction, is_trashed:
            favour = log_favour(
                network, direction=direction, kind="tip", contacts=[people[who] for who in contacts], day=day
            )
            if is_trashed:
                trash_favour(network, favour)
        case "talk", contacts, day:
            log_conversation(network, day=day, contacts=[people[who] for who in contacts], note="News")
        case "topic", who, day:
            add_topic(network, contact=people[who], kind="seeks", text="a carpenter", day=day)
        case "circle", who, name:
            circles = [*people[who].circles.all(), *circles_by_name(network, [name]).values()]
            set_circles(network, people[who], set(circles))
        case "photo", who:
            content = bytes([who, 255])
            Photo.objects.get_or_create(network=network, contact=people[who], defaults={"content": content})
        case "reminder", who, day:
            Reminder.objects.create(network=network, contact=people[who], kind="once", text="Call", due_on=day)
        case "relation", (who, whom), label:
            Relation.objects.get_or_create(network=network, contact=people[who], other=people[whom], label=label)
        case "pair", keys, state:
            first, second = sorted(keys)
            DuplicatePair.objects.get_or_create(
                network=network,
                first=people[first],
                second=people[second],
                defaults={"state": state, "score": 0.1, "evidence": [{"kind": "name"}]},
            )
        case "imported", who, created:
            number = ImportSource.objects.count()
            ImportSource.objects.create(network=network, contact=people[who], run=run, format="vcard", key=str(number))
            ImportRow.objects.create(network=network, contact=people[who], run=run, row=number, outcome="created")
            ImportChange.objects.get_or_create(
                network=network, contact=people[who], run=run, defaults={"created": created, "after": {"print": "x"}}
            )
        case "suggested", who, week, whom:
            week_round, _made = Round.objects.get_or_create(
                network=network, year=2026, week=week, defaults={"day": FIRST_DAY}
            )
            suggestion, _made = Suggestion.objects.get_or_create(
                network=network,
                round=week_round,
                contact=people[who],
                defaults={"position": Suggestion.objects.count(), "score": 0.5},
            )
            Signal.objects.get_or_create(
                network=network,
                suggestion=suggestion,
                position=0,
                defaults={"kind": "seeks", "points": 1, "other": people[whom]},
            )


def rows(network: Network) -> dict[str, list[Any]]:
    """Return every row of the network, without columns that only record changes, and words without their keys."""
    found: dict[str, list[Any]] = {
        "SearchWord": sorted(SearchWord.objects.values_list("contact", "word", "is_name")),
    }
    for model in apps.get_models():
        if issubclass(model, Owned) and model is not SearchWord:
            stored = model._base_manager.filter(network=network).order_by("pk").values()
            found[model.__name__] = [
                {name: bytes(value) if name == "content" else value for name, value in row.items()} for row in stored
            ]
    for row in found["Contact"]:
        del row["text_revision"]
    return found


@pytest.mark.django_db
@examples(15)
@given(
    st.lists(fields, min_size=PEOPLE, max_size=PEOPLE),
    st.lists(st.lists(addresses, max_size=2), min_size=PEOPLE, max_size=PEOPLE),
    histories,
    st.lists(two, min_size=1, max_size=3),
    st.sampled_from(["survivor", "other"]),
)
def test_merging_and_undoing_leaves_every_row_as_it_was(
    network: Network,
    contacts: list[dict[str, Any]],
    ways: list[list[str]],
    history: list[tuple[Any, ...]],
    merged: list[tuple[int, int]],
    picture: str,
) -> None:
    for model in apps.get_models():
        if issubclass(model, Owned):
            model._base_manager.filter(network=network).delete()
    people = []
    for number, (values, addressed) in enumerate(zip(contacts, ways, strict=True)):
        day = {"birth_month": 3, "birth_day": 4} if values["birth_year"] else {}
        emails = [Way("email", address) for address in addressed]
        people.append(add_contact(network, **values, **day, nickname=f"N{number}", ways=emails))
    run = ImportRun.objects.create(network=network, file_name="a.vcf")
    for event in history:
        live(network, people, event, run)

    before = rows(network)
    states = []
    for survivor, other in merged:
        if network.contacts.filter(pk__in=[people[survivor].pk, people[other].pk]).count() == 2:
            states.append((rows(network), merge(network, people[survivor], people[other], {"picture": picture})))
    assert list(findings()) == []
    for state, done in reversed(states):
        done.refresh_from_db()
        undo(network, done)
        assert rows(network) == state
    assert rows(network) == before
    assert list(findings()) == []
