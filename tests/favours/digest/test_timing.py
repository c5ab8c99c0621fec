"""The member's settings: how they change the time of the next letter."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from favours.digest import timing
from favours.digest.timing import change_settings, is_paused, next_letter_at, settings_of, switch_off

WEDNESDAY = datetime(2026, 5, 6, 10, tzinfo=UTC)
"""12:00 in Berlin, the time zone of the tests' members."""
NEXT_MONDAY = datetime(2026, 5, 11, 5, tzinfo=UTC)


@pytest.fixture
def on_wednesday(monkeypatch):
    monkeypatch.setattr(timing.timezone, "now", lambda: WEDNESDAY)


@pytest.fixture
def letter(on_wednesday, network):
    return settings_of(network)


def test_new_network_gets_its_first_letter_on_the_next_monday_at_seven(letter):
    assert (letter.weekday, letter.hour, letter.is_on) == (1, 7, True)
    assert letter.next_digest_at == NEXT_MONDAY


def test_settings_of_is_one_row(letter, network):
    assert settings_of(network).pk == letter.pk


def test_change_settings_aims_at_a_slot_still_to_come(letter, network):
    assert change_settings(network, weekday=5, hour=18).next_digest_at == datetime(2026, 5, 8, 16, tzinfo=UTC)
    assert change_settings(network, weekday=3, hour=11).next_digest_at == datetime(2026, 5, 13, 9, tzinfo=UTC)


def test_change_settings_after_this_weeks_letter_brings_no_second_one(letter, network):
    network.letter_settings.update(handled_week=date(2026, 5, 4))
    assert change_settings(network, weekday=5).next_digest_at == datetime(2026, 5, 15, 5, tzinfo=UTC)


def test_new_zone_moves_the_next_letter(letter, alice):
    alice.time_zone = "America/New_York"
    alice.save()
    letter.refresh_from_db()
    assert letter.next_digest_at == datetime(2026, 5, 11, 11, tzinfo=UTC)


def test_letter_that_is_due_is_not_lost_when_the_member_is_saved(letter, network, alice):
    network.letter_settings.update(next_digest_at=WEDNESDAY)
    alice.name = "Alice B."
    alice.save()
    letter.refresh_from_db()
    assert letter.next_digest_at == WEDNESDAY


def test_change_settings_refuses_half_a_pause(letter, network):
    with pytest.raises(ValidationError):
        change_settings(network, pause_from=date(2026, 5, 10))
    with pytest.raises(ValidationError):
        change_settings(network, pause_from=date(2026, 5, 10), pause_to=date(2026, 5, 9))


def test_pause_includes_its_first_and_last_day(letter, network):
    letter = change_settings(network, pause_from=date(2026, 5, 11), pause_to=date(2026, 5, 17))
    days = [date(2026, 5, day) for day in (10, 11, 17, 18)]
    assert [is_paused(letter, day) for day in days] == [False, True, True, False]


def test_next_letter_comes_after_the_pause(letter, network):
    letter = change_settings(network, pause_from=date(2026, 5, 11), pause_to=date(2026, 5, 18))
    assert next_letter_at(letter) == datetime(2026, 5, 25, 5, tzinfo=UTC)
    assert next_letter_at(change_settings(network, pause_to=date(2026, 5, 17))) == datetime(2026, 5, 18, 5, tzinfo=UTC)


def test_switch_off_may_be_repeated(letter, network):
    switch_off(network)
    switch_off(network)
    assert next_letter_at(settings_of(network)) is None
