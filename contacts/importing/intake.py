"""Converting a card from a reader into a person that fits into a network; anything that does not fit is a loss."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import CITY, COUNTRY, DAY_FIELDS, LENGTHS, TOPIC_LISTS, Card, Loss, Way
from contacts.files.labels import joined
from contacts.files.own.reading import OwnCard
from contacts.people.countries import region_of_country
from contacts.people.person import CONTACT_TEXTS, Person, Portrait, related_key
from contacts.people.photos import UnusablePictureError, cost_of, finished
from contacts.people.ways import international, normalise
from contacts.text import one_line

YEARS = range(1800, 2201)


MOST_PIXELS = 150_000_000
"""Maximum pixels in all pictures of a file. A few kilobytes may hold millions, which take 0.25 seconds to decode."""


class Darkroom:
    """Finishes the pictures of one file, as long as they do not hold too many pixels in all."""

    def __init__(self) -> None:
        self._pixels = 0

    def portrait(self, picture: bytes, losses: list[Loss]) -> Portrait | None:
        """Returns a finished picture; None, and the reason among the losses, if there is none."""
        self._pixels += cost_of(picture)
        if self._pixels > MOST_PIXELS:
            losses.append(Loss("PHOTO", _("The pictures of this file are too large in all. Import it in parts.")))
            return None
        try:
            return Portrait(finished(picture), origin=hashlib.sha256(picture).hexdigest())
        except UnusablePictureError as problem:
            losses.append(Loss("PHOTO", problem.reason))
            return None


def person_from(card: Card, darkroom: Darkroom, *, region: str) -> tuple[Person, list[Loss]]:
    """Returns the person on a card, and the losses. `region` is the country of phone numbers without a prefix."""
    losses = list(card.losses)
    person = Person(fields=dict(_fields(card, losses)))
    countries = {} if isinstance(card, OwnCard) else _countries(card.ways)
    for way in card.ways:
        if isinstance(card, OwnCard) or not _is_only_a_city(way):
            kept = _dialled_from(region, _bounded_way(way, losses), countries)
            if kept.value:
                key = (kept.kind, normalise(kept.kind, kept.value, region=region))
                known = person.ways.setdefault(key, kept)
                if known.label != kept.label:
                    person.ways[key] = replace(known, label=joined(known.label, kept.label))
    for name in card.circles:
        if name := _bounded("circles", one_line(name), LENGTHS["circles"], losses):
            person.circles.setdefault(name.casefold(), name)
    for kind, text in _topics(card, losses):
        person.topics.setdefault((kind, text.casefold()), text)
    for related in card.related:
        person.related.setdefault(related_key(related), related)
    person.extra = list(card.extra)
    if isinstance(card, OwnCard):
        person.history = dict(card.history)
    if card.photo is not None:
        person.portrait = darkroom.portrait(card.photo, losses)
    return person, losses


def _fields(card: Card, losses: list[Loss]) -> Iterator[tuple[str, Any]]:
    """Yields the filled fields by name, each within its length."""
    how_met_is_long = len(card.how_met) > LENGTHS["how_met"]
    for name in CONTACT_TEXTS:
        text = getattr(card, name)
        if name == "notes" and how_met_is_long:
            text = f"{text}\n\n{card.how_met}".strip()
        if name == "how_met" and how_met_is_long:
            text = ""
        if text:
            yield name, _bounded(name, text, LENGTHS[name], losses)
    if card.birthday is not None:
        yield "birth_month", card.birthday.month
        yield "birth_day", card.birthday.day
        if card.birthday.year in YEARS:
            yield "birth_year", card.birthday.year
        elif card.birthday.year is not None:
            losses.append(Loss("birthday", _("The year of birth cannot be right; day and month were kept.")))
    for name in (*DAY_FIELDS, "has_died", "is_organisation", "would_call"):
        if value := getattr(card, name):
            yield name, value


def _topics(card: Card, losses: list[Loss]) -> Iterator[tuple[str, str]]:
    for name, kind in TOPIC_LISTS.items():
        for text in getattr(card, name):
            if bounded := _bounded(kind.value, one_line(text), LENGTHS[name], losses):
                yield kind.value, bounded


def _countries(ways: Iterable[Way]) -> dict[str, str]:
    """Returns the countries of a card's addresses by their places (home, work); a single one also under ""."""
    found = {way.label: region_of_country(way.parts[COUNTRY]) for way in ways if way.parts}
    regions = {region for region in found.values() if region}
    return {label: region for label, region in found.items() if region} | (
        {"": regions.pop()} if len(regions) == 1 else {}
    )


def _dialled_from(region: str, way: Way, countries: Mapping[str, str]) -> Way:
    """Returns a way; a phone number abroad gets its country code, by the country of an address with the same label."""
    if way.kind != "phone" or not countries:
        return way
    places = (countries[place] for place in (*way.label.split(), "") if place in countries)
    there = next(places, region)
    return way if there == region else replace(way, value=international(way.value, region=there))


def _is_only_a_city(way: Way) -> bool:
    """Returns whether an address is nothing but a city, which the contact's own field holds."""
    return way.kind == "address" and bool(way.city) and not any(way.parts[:CITY] + way.parts[CITY + 1 :])


def _bounded_way(way: Way, losses: list[Loss]) -> Way:
    value = _bounded(way.kind, one_line(way.value), LENGTHS[way.kind], losses)
    label = _bounded(way.kind, way.label, LENGTHS["label"], losses)
    return way if (value, label) == (way.value, way.label) else Way(way.kind, value, label, way.parts)


def _bounded(field: str, text: str, limit: int, losses: list[Loss]) -> str:
    if len(text) <= limit:
        return text
    losses.append(Loss(field, format_lazy(_("The text was shortened to {limit} characters."), limit=limit)))
    return text[:limit].rstrip()
