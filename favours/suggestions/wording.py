"""Putting reasons into words when they are shown, in the active language and from the current rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import TypeAlias

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.days import human_day
from contacts.matching import sentences
from contacts.models import Contact, Topic
from contacts.models.topic import ASLEEP_AFTER
from favours.models import Signal, Suggestion
from favours.models.suggestion import mark_of

Kind = Signal.Kind
Naming: TypeAlias = Callable[[Contact], str]
"""A function that returns a person's name for use in a sentence, as plain text or safe HTML."""

OFFERED: dict[str, Promise] = {
    "": gettext_lazy("{other} offers {offer}."),
    Signal.Implied.ROLE: gettext_lazy("{other} might be the one to ask: {offer}."),
    Signal.Implied.ORGANISATION: gettext_lazy("{other} is with {offer}."),
    Signal.Implied.NOTES: gettext_lazy("Your notes on {other} say: “{offer}”."),
}


def in_bold(contact: Contact) -> SafeString:
    """Returns the name in bold, as HTML."""
    return format_html('<b class="name">{}</b>', contact.display_name)


def plain(sentence: str) -> str:
    """Returns a sentence without its HTML tags and entities."""
    return unescape(strip_tags(sentence))


def reason_sentence(suggestion: Suggestion, today: date, *, name: Naming = in_bold) -> SafeString:
    """Returns the strongest valid reason for a suggestion, in one or two sentences of HTML."""
    return signal_sentence(suggestion.signals[0], suggestion.contact, today, name=name)


def signal_sentence(signal: Signal, contact: Contact, today: date, *, name: Naming = in_bold) -> SafeString:
    """Returns one reason in words, as HTML. `today` is the member's date."""
    person = name(contact)
    if signal.kind == Kind.MATCH and signal.topic is not None:
        return format_html("{} {}", _sought(person, signal.topic, today), _offered(signal, contact, name))
    if signal.kind == Kind.ASK and signal.topic is not None:
        asked = format_html(_("You are looking for {what}."), what=_bare(signal.topic.text))
        return format_html("{} {}", asked, _offered(signal, contact, name))
    if signal.kind == Kind.SEEKS and signal.topic is not None:
        return format_html(
            _("{person} has been looking for {what} since {day}."),
            person=person,
            what=_bare(signal.topic.text),
            day=human_day(signal.topic.noted_on, today),
        )
    if signal.kind == Kind.INTEREST and signal.topic is not None:
        interest = format_html(_("{person} is interested in {what}."), person=person, what=_bare(signal.topic.text))
        return format_html("{} {}", interest, _offered(signal, contact, name))
    if signal.kind == Kind.QUIET:
        return _quiet(signal, person, today)
    return _news(signal, person, today)


def _sought(person: str, topic: Topic, today: date) -> SafeString:
    """Returns a sentence about somebody's need, in the past tense if it was last heard of long ago."""
    heard = topic.renewed_on or topic.noted_on
    if today - heard > ASLEEP_AFTER:
        return format_html(
            _("{person} was looking for {what} in {month}."),
            person=person,
            what=_bare(topic.text),
            month=_month(heard, today),
        )
    return format_html(
        _("{person} is looking for {what} (heard {day})."),
        person=person,
        what=_bare(topic.text),
        day=human_day(heard, today),
    )


def _offered(signal: Signal, contact: Contact, name: Naming) -> SafeString:
    """Returns a sentence about the match for a need: a kept tip, the member's own offer, or somebody who may help."""
    if signal.tip is not None:
        return format_html(_("In your tip box: {tip}."), tip=_bare(signal.tip.text))
    if signal.other is None and signal.kind != Kind.ASK:
        return format_html(
            _("You offer that yourself: {offer}."), offer=_bare(signal.other_topic.text if signal.other_topic else "")
        )
    offer = _bare(offer_of(signal, contact))
    return format_html(str(OFFERED[signal.implied]), other=name(signal.other or contact), offer=offer)


def offer_of(signal: Signal, contact: Contact) -> str:
    """Returns the text that fits a need: a tip, an offer, a role, an organisation, or a sentence of notes.

    It belongs to `contact` unless the signal names a different one. It is "" if the text no longer exists.
    """
    if signal.tip is not None:
        return signal.tip.text
    if signal.other_topic is not None:
        return signal.other_topic.text
    person = signal.other or contact
    if signal.implied == Signal.Implied.NOTES:
        return next((each for each in sentences(person.notes) if mark_of(each) == signal.sentence), "")
    texts: dict[str, str] = {Signal.Implied.ROLE: person.role, Signal.Implied.ORGANISATION: person.organisation}
    return texts.get(signal.implied, "")


def _quiet(signal: Signal, person: str, today: date) -> SafeString:
    """Returns a sentence about somebody who has been quiet for long, with the last news or need heard from them."""
    if signal.conversation is not None:
        return format_html(
            _("{person}, {month}: “{note}”. What became of it?"),
            person=person,
            month=_month(signal.conversation.day, today),
            note=_bare(signal.conversation.note),
        )
    if signal.topic is not None:
        return format_html(
            _("{person} was looking for {what} in {month}. What became of it?"),
            person=person,
            what=_bare(signal.topic.text),
            month=_month(signal.topic.noted_on, today),
        )
    return format_html(
        _("You and {person} have not been in touch since {month}. How are things there?"),
        person=person,
        month=_month(signal.day or today, today),
    )


def _news(signal: Signal, person: str, today: date) -> SafeString:
    """Returns a sentence about past news or a coming day."""
    day = human_day(signal.day or today, today)
    if signal.kind == Kind.MILESTONE:
        text = signal.reminder.text if signal.reminder else signal.conversation.note if signal.conversation else ""
        return format_html(_("{person}, {day}: {text}."), person=person, day=day, text=_bare(text))
    note = signal.conversation.note if signal.conversation else ""
    return format_html(_("You noted about {person} ({day}): {text}."), person=person, day=day, text=_bare(note))


def _month(day: date, today: date) -> str:
    """Returns a month of this year ("May"), with its year if of last year ("May 2025"), else only the year ("2023")."""
    if today.year - day.year > 1:
        return str(day.year)
    return date_format(day, "F" if day.year == today.year else "F Y")


def _bare(text: str) -> str:
    """Returns the first line of a text without the full stop, to be used in a sentence."""
    return text.strip().partition("\n")[0].rstrip(" .")
