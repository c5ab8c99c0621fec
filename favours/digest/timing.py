"""A member's settings for the weekly letter, and the time of the next one, which follows from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.models import Network
from favours.digest.schedule import Plan, Slot, plan, slot_in_week, week_of
from favours.models import LetterSettings


def settings_of(network: Network) -> LetterSettings:
    """Return the network's settings. New ones aim at the next slot."""
    found = network.letter_settings.first()
    if found is None:
        fresh = LetterSettings(network=network)
        aim_ahead(fresh, timezone.now())
        found, _created = network.letter_settings.get_or_create(defaults={"next_digest_at": fresh.next_digest_at})
    found.network = network
    return found


@transaction.atomic
def change_settings(network: Network, **changes: Any) -> LetterSettings:
    """Change and return the settings, and aim at the next slot if it has changed. Raises ValidationError."""
    stored = network.letter_settings.select_for_update().get(pk=settings_of(network).pk)
    stored.network = network
    for name, value in changes.items():
        setattr(stored, name, value)
    stored.full_clean()
    if changes.keys() & {"weekday", "hour", "is_on"}:
        aim_ahead(stored, timezone.now())
    stored.save()
    return stored


def switch_off(network: Network) -> None:
    """Stop sending the weekly letter. Idempotent."""
    settings_of(network)
    network.letter_settings.update(is_on=False)


def aim_ahead(letter: LetterSettings, now: datetime) -> None:
    """Aim the letter, unsaved, at the next slot after `now`. A slot of this week that has passed is skipped."""
    letter.next_digest_at = plan_of(letter, now).next_at
    letter.attempts = 0


def plan_of(letter: LetterSettings, now: datetime) -> Plan:
    """Return the plan for the member's letter at `now` (aware)."""
    return plan(slot_of(letter), now, letter.handled_week)


def slot_of(letter: LetterSettings) -> Slot:
    """Return the member's slot: the hour of the week at which they want the letter, in their time zone."""
    return Slot(letter.network.owner.zone, letter.weekday, letter.hour)


def is_paused(letter: LetterSettings, day: date) -> bool:
    """Return whether `day`, in the member's calendar, is in the holiday pause."""
    if letter.pause_from is None or letter.pause_to is None:
        return False
    return letter.pause_from <= day <= letter.pause_to


def next_letter_at(letter: LetterSettings) -> datetime | None:
    """Return the time (UTC) at which the next letter is due, after any holiday pause; None if the letter is off."""
    if not letter.is_on:
        return None
    zone = letter.network.owner.zone
    at = letter.next_digest_at
    if letter.pause_to is not None and is_paused(letter, at.astimezone(zone).date()):
        at = slot_in_week(slot_of(letter), week_of(letter.pause_to))
        if is_paused(letter, at.astimezone(zone).date()):
            at = plan(slot_of(letter), at, week_of(letter.pause_to)).next_at
    return at


def follow_zone(member: User) -> None:
    """Recompute when the member's next letter is due, since their time zone may have changed.

    A letter that is already due is left to the sweep, which looks at the zone itself: aimed ahead, it would be lost.
    """
    now = timezone.now()
    waiting = LetterSettings.objects.filter(network__owner=member, next_digest_at__gt=now)
    letter = waiting.select_related("network").first()
    if letter is not None:
        letter.network.owner = member
        aim_ahead(letter, now)
        letter.save(update_fields=["next_digest_at", "attempts"])
