"""A network with content for this week's letter, and the time at which the letter is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact, Network
from contacts.people.topics import add_topic
from favours.digest.timing import settings_of
from tests.calendar import MONDAY, SEVEN, WEEK
from tests.favours.conftest import make_people


@pytest.fixture
def at_seven(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Freezes the clock at the hour of the letter."""
    monkeypatch.setattr(timezone, "now", lambda: SEVEN)
    return SEVEN


def plant_letter(network: Network) -> list[Contact]:
    """Create and return people worth mentioning (a match, a need, an older need) and make the letter due."""
    people = make_people(network, "Jana Stein", "Markus Holm", "Lea Brandt", "Omar Said")
    jana, markus, lea, omar = people
    add_topic(network, contact=jana, kind="seeks", text="a tax adviser for her studio", day=MONDAY - timedelta(days=2))
    add_topic(network, contact=markus, kind="offers", text="tax adviser", day=MONDAY - timedelta(days=20))
    add_topic(network, contact=lea, kind="seeks", text="a room for a workshop", day=MONDAY - timedelta(days=3))
    add_topic(network, contact=omar, kind="seeks", text="seed potatoes", day=MONDAY - timedelta(days=171))
    omar.birth_month, omar.birth_day = 5, 6
    omar.save()
    make_due(network)
    return people


def make_due(network: Network) -> None:
    """Make the letter of that Monday the next one due."""
    settings_of(network)
    network.letter_settings.update(next_digest_at=SEVEN, handled_week=MONDAY - WEEK)


@pytest.fixture
def people(at_seven: datetime, network: Network) -> list[Contact]:
    """Jana, Markus, Lea and Omar."""
    return plant_letter(network)
