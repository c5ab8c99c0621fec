"""A letter's single question, and the need that it asks about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contacts.models import Network
from contacts.people.topics import add_topic
from favours.digest.contents import contents_of
from favours.digest.letter import compose
from favours.digest.links import signed_addresses
from favours.suggestions.evidence import gather
from favours.suggestions.rounds import preview
from tests.calendar import MONDAY
from tests.favours.conftest import make_people
from tests.favours.digest.conftest import plant_letter


@pytest.mark.parametrize(
    ("noted", "renewed", "is_asked"),
    [(29, None, False), (30, None, True), (36, None, True), (37, None, False), (400, 170, True), (400, 181, False)],
)
def test_question_is_about_a_need_by_its_last_confirmation(
    network: Network, noted: int, renewed: int | None, is_asked: bool
) -> None:
    [eva] = make_people(network, "Eva Lang")
    topic = add_topic(network, contact=eva, kind="seeks", text="a cello", day=days_before(noted))
    network.topics.filter(pk=topic.pk).update(renewed_on=days_before(renewed) if renewed else None)
    assert asked_about(network, MONDAY) == ("a cello" if is_asked else "")


def test_letter_asks_its_question(network: Network) -> None:
    plant_letter(network)
    contents = contents_of({network: preview(network, MONDAY).listed}, MONDAY)[network]
    letter = compose(contents, signed_addresses(network))
    assert letter.text.count("still looking for seed potatoes?") == 1


def test_need_is_asked_about_every_four_weeks_for_half_a_year(network: Network) -> None:
    [eva] = make_people(network, "Eva Lang")
    add_topic(network, contact=eva, kind="seeks", text="a cello", day=MONDAY)
    weeks = [week for week in range(60) if asked_about(network, MONDAY + timedelta(weeks=week))]
    assert weeks == [5, 9, 13, 17, 21, 25]


def test_needs_of_one_day_take_turns(network: Network) -> None:
    for person in make_people(network, "Eva Lang", "Ben Stein", "Deniz Ay"):
        add_topic(network, contact=person, kind="seeks", text=f"a cello for {person.display_name}", day=MONDAY)
    asked = [asked_about(network, MONDAY + timedelta(weeks=week)) for week in (5, 9, 13, 17)]
    assert len(set(asked[:3])) == 3
    assert asked[3] == asked[0]


def test_need_of_somebody_in_the_letter_is_not_asked_about(network: Network) -> None:
    [eva] = make_people(network, "Eva Lang")
    add_topic(network, contact=eva, kind="seeks", text="a cello", day=days_before(30))
    assert contents_of({network: preview(network, MONDAY).listed}, MONDAY)[network].question is None


def asked_about(network: Network, day: date) -> str:
    """Return the need that the letter of `day` asks about if it names nobody else, or ""."""
    questions = gather([network], day)[network].questions
    return questions[0].text if questions else ""


def days_before(days: int) -> date:
    return MONDAY - timedelta(days=days)
