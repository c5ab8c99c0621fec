"""A Monday, people with a need and an offer, and the contents of a round."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours.models import Round
from favours.suggestions.wording import plain, reason_sentence
from tests.calendar import MONDAY
from tests.favours.conftest import make_people


def days(number: int) -> date:
    return MONDAY - timedelta(days=number)


def told(made: Round) -> list[str]:
    with translation.override("en"):
        return [plain(reason_sentence(each, made.day)) for each in made.listed]


def names(made: Round) -> list[str]:
    return [each.contact.display_name for each in made.listed]


@pytest.fixture
def jana(network: Network) -> Contact:
    """Jana, who is looking for a tax adviser."""
    (jana,) = make_people(network, "Jana", given_name="Jana")
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=days(1))
    return jana


@pytest.fixture
def markus(network: Network) -> Contact:
    """Markus, who is a tax adviser."""
    (markus,) = make_people(network, "Markus", given_name="Markus")
    add_topic(network, contact=markus, kind="offers", text="tax adviser", day=days(30))
    return markus
