"""The same request sent several times at the same moment."""

from __future__ import annotations

import datetime

import pytest

from contacts.calendar.feed import open_feed
from contacts.calendar.reminders import keep_in_touch, remind_once
from contacts.merging import merge, undo_batch
from contacts.models import Network
from contacts.people.directory import add_contact
from contacts.people.photos import set_photo
from tests.contacts.pictures import picture
from tests.elsewhere import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


def test_merge_undone_four_times_at_once_is_undone_once(network: Network) -> None:
    anna, other = add_contact(network, given_name="Anna"), add_contact(network, given_name="A.")
    batch = merge(network, anna, other).batch
    parted = elsewhere(lambda: len(undo_batch(network, batch)), workers=4)
    assert (sorted(parted), network.contacts.count(), network.merges.count()) == ([0, 0, 0, 1], 2, 0)


def test_picture_set_four_times_at_once_is_there_once(network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    elsewhere(lambda: set_photo(network, anna, picture()), workers=4)
    assert network.photos.count() == 1


def test_reminders_made_four_times_at_once_are_there_once(network: Network) -> None:
    anna, day = add_contact(network, given_name="Anna"), datetime.date(2026, 12, 24)
    elsewhere(lambda: remind_once(network, anna, text="Call", day=day), workers=4)
    elsewhere(lambda: keep_in_touch(network, anna, rhythm_days=30), workers=4)
    assert network.reminders.filter(ended_at=None).count() == 2


def test_calendar_opened_four_times_at_once_has_one_address(network: Network) -> None:
    elsewhere(lambda: open_feed(network), workers=4)
    assert network.calendar_feeds.count() == 1
