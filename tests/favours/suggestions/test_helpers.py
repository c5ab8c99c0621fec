"""Which helper a suggestion names, how often, and which contacts the round recalls."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contacts.models import Contact, Network
from contacts.people.circles import add_circle
from contacts.people.conversations import hear, log_conversation
from contacts.people.topics import add_topic
from favours.models import Round
from favours.suggestions.rounds import make_round, preview
from favours.suggestions.steps import first_text
from tests.calendar import MONDAY
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days, names, told


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def pairs(made: Round) -> list[tuple[str, str]]:
    """Return the names of the pairs that a round would introduce to each other."""
    return [
        (each.contact.display_name, each.signals[0].other.display_name) for each in made.listed if each.signals[0].other
    ]


@pytest.fixture
def two_needs(network: Network, markus: Contact) -> list[Contact]:
    """Two people who seek a tax adviser, which only Markus offers."""
    people = make_people(network, "Jana", "Lea")
    for number, person in enumerate(people):
        hear(network, contact=person, kind="seeks", text="a tax adviser", day=days(20 + number))
    return people


def test_two_needs_of_one_helper_are_four_weeks_apart(network: Network, two_needs: list[Contact]) -> None:
    asked = {number: pairs(make_round(network, week(number))) for number in range(5)}
    assert {number for number, found in asked.items() if found} == {0, 4}
    assert {found[0] for found in asked.values() if found} == {("Jana", "Markus"), ("Lea", "Markus")}


def test_need_whose_helper_rests_waits_in_silence(network: Network, two_needs: list[Contact]) -> None:
    make_round(network, week(0))
    assert [sentence for sentence in told(preview(network, week(1))) if "looking for" in sentence] == []


def test_fresh_need_with_a_fair_answer_is_an_introduction(network: Network) -> None:
    (jana,) = make_people(network, "Jana")
    make_people(network, "Markus", role="Tax adviser")
    network.mark_texts_changed([contact.pk for contact in network.contacts.all()])
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=days(0))
    assert pairs(preview(network, MONDAY)) == [("Jana", "Markus")]


@pytest.mark.parametrize("is_shared", [True, False])
def test_introduction_across_circles_is_preferred(
    network: Network, jana: Contact, markus: Contact, is_shared: bool
) -> None:
    (deniz,) = make_people(network, "Deniz")
    add_topic(network, contact=deniz, kind="offers", text="tax adviser", day=days(3))
    choir, chamber = add_circle(network, name="Choir"), add_circle(network, name="Chamber")
    helper, stranger = (markus, deniz) if is_shared else (deniz, markus)
    for circle, person in ((choir, jana), (choir, helper), (chamber, stranger)):
        circle.memberships.create(network=network, contact=person)
    assert pairs(preview(network, MONDAY)) == [("Jana", stranger.display_name)]


@pytest.mark.parametrize(
    ("moments", "is_there"),
    [
        ([800], True),
        ([800, 1500], True),
        ([800, 1500, 1600], False),
        ([729], False),
        ([731], True),
        ([], False),
    ],
)
@pytest.mark.parametrize("kinds", ["give", "receive", "talk", "mixed"])
def test_somebody_little_known_and_long_silent_has_a_place(
    network: Network, moments: list[int], is_there: bool, kinds: str
) -> None:
    (eva,) = make_people(network, "Eva")
    for number, name in enumerate(("Morag", "Omar")):
        (known,) = make_people(network, name)
        for ago in (1200 + number, 1300, 1400):
            log_conversation(network, day=days(ago), contacts=[known])
    for number, ago in enumerate(moments):
        kind = ("give", "talk", "receive")[number] if kinds == "mixed" else kinds
        if kind == "talk":
            log_conversation(network, day=days(ago), contacts=[eva])
        else:
            log_favour(network, direction=kind, kind="tip", day=days(ago), contacts=[eva])
    log_favour(network, direction="give", kind="tip", day=days(-30), contacts=[eva])
    assert ("Eva" in names(preview(network, MONDAY))) is is_there


def test_asking_whether_somebody_is_looking_says_still_only_after_a_month(network: Network) -> None:
    (jana,) = make_people(network, "Jana", given_name="Jana")
    topic = add_topic(network, contact=jana, kind="seeks", text="a tax adviser for her studio.", day=days(30))

    def text() -> str:
        return first_text(preview(network, MONDAY).listed[0])

    assert text() == "Hello Jana, you are looking for: “a tax adviser”. I keep my ears open for you."
    network.topics.filter(pk=topic.pk).update(noted_on=days(31))
    assert text() == "Hello Jana, are you still looking for: “a tax adviser”? I keep my ears open for you."
    network.topics.filter(pk=topic.pk).update(text="her lost cat")
    assert "her" not in text().split()
    network.topics.filter(pk=topic.pk).update(text="jemand, der uns die Hecke schneidet")
    assert "“jemand, der uns die Hecke schneidet”" in text()
