"""The direction of help makes no difference to who is suggested."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact, Network, Topic
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours.models import Favour, Participation
from favours.suggestions.rounds import (
    make_round,
)
from favours.suggestions.steps import steps_of
from tests.calendar import MONDAY
from tests.examples import examples
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days, told


def lived_through(network: Network, weeks: int) -> list[object]:
    """Return the contents of this many weekly lists, each stored before the next one is made."""
    found: list[object] = []
    for week in range(weeks):
        made = make_round(network, MONDAY + timedelta(weeks=week))
        steps = steps_of(network, made.listed)
        found.append(
            [
                (each.contact.display_name, each.score, sentence, [(step.kind, step.text) for step in steps[each.uuid]])
                for each, sentence in zip(made.listed, told(made), strict=True)
            ]
        )
    network.rounds.all().delete()
    return found


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["give", "receive"]),
        st.sampled_from(["tip", "introduction", "advice"]),
        st.integers(-80, 1500),
        st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True),
    ),
    max_size=12,
)


@given(entries=ENTRIES)
@examples(5)
def test_directions_change_nothing_in_twelve_weeks(network: Network, entries: list) -> None:
    Favour.with_trash.all().delete()
    Contact.with_trash.all().delete()
    Topic.with_trash.all().delete()
    people = make_people(network, *(f"Person {number}" for number in range(6)))
    needs = ["an office", "a tax adviser", "a violin teacher", "a tax adviser"]
    for number, (person, need) in enumerate(zip(people, needs, strict=False)):
        hear(network, contact=person, kind="seeks", text=need, day=days(10 * number))
    add_topic(network, contact=people[5], kind="offers", text="tax adviser", day=days(9))
    add_topic(network, contact=people[4], kind="offers", text="bookkeeper", day=days(9))
    ask = add_topic(network, contact=None, kind="seeks", text="a bookkeeper", day=days(9))
    for direction, kind, ago, who in entries:
        log_favour(network, direction=direction, kind=kind, day=days(ago), contacts=[people[each] for each in who])
    as_logged = lived_through(network, 12)
    assert any(as_logged)
    assert all(sentence and steps for week in as_logged for _name, _score, sentence, steps in week)
    asked = Topic.objects.filter(pk=ask.pk).values().get()
    for turn in ({"give": "receive", "receive": "give"}, {"give": "receive", "receive": "receive"}):
        before = dict(Favour.objects.values_list("pk", "direction"))
        for key, direction in before.items():
            Favour.objects.filter(pk=key).update(direction=turn[direction])
            Participation.objects.filter(favour=key).update(direction=turn[direction])
        assert lived_through(network, 12) == as_logged
        assert Topic.objects.filter(pk=ask.pk).values().get() == asked
