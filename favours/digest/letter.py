"""Composing the weekly letter: the week's suggestions, one question, birthdays; as HTML and as text.

Composing reads and stores nothing: the same contents, link addresses and language make the same letter, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import css_inline
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.days import human_day
from contacts.models import Contact, Topic
from contacts.text import one_line
from favours.digest.contents import Contents
from favours.digest.links import Act, Addresses, app_address, unsubscribe_address
from favours.models import Suggestion
from favours.suggestions.steps import counterpart, is_ask
from favours.suggestions.wording import in_bold, plain, reason_sentence

NAMED = 60
"""Maximum number of characters of a name in the subject."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready for the outbox or the preview."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A paragraph of the letter: a sentence as HTML and as text, and its links."""

    html: SafeString
    text: str
    steps: Sequence[_Step]


def compose(contents: Contents, addresses: Addresses, unsubscribe: str = "") -> Letter:
    """Returns the letter about `contents`, in the member's language.

    `unsubscribe` is the address in its footer; by default it is signed for the network.
    """
    member, suggestions, day = contents.network.owner, contents.suggestions, contents.day
    with translation.override(member.language):
        subject = subject_of(suggestions)
        context = {
            "subject": subject,
            "language": member.language,
            "greeting": _("Hello %(name)s,") % {"name": member.name} if member.name else _("Hello,"),
            "opening": _opening(sum(not is_ask(each) for each in suggestions)),
            "items": [_item(each, day, addresses) for each in suggestions],
            "question": _question(contents.question, addresses) if contents.question else None,
            "birthdays": _birthdays(contents.birthdays, day),
            "today_address": app_address("/"),
            "settings_address": app_address("/letter/"),
            "unsubscribe_address": unsubscribe or unsubscribe_address(contents.network),
        }
        html = _inliner().inline(render_to_string("favours/letter_mail.html", context))
        text = render_to_string("favours/letter_mail.txt", context)
    return Letter(subject, text.strip() + "\n", html)


def subject_of(suggestions: Sequence[Suggestion]) -> str:
    """Returns the subject line, about the first suggestion. Line breaks in names become spaces."""
    first = suggestions[0]
    if is_ask(first):
        return _("%(person)s may know about what you are looking for") % {"person": _short_name(first.contact)}
    other = counterpart(first)
    if other is not None:
        names = {"person": _short_name(first.contact), "other": _short_name(other)}
        return _("%(person)s and %(other)s ought to meet") % names
    name = {"person": _short_name(first.contact)}
    if sum(not is_ask(each) for each in suggestions) == 1:
        return _("%(person)s might be glad to hear from you") % name
    return _("%(person)s, and who else might be glad to hear from you") % name


def _opening(count: int) -> str:
    """Returns the opening of a letter that suggests `count` people; with 0, the letter only names somebody to ask."""
    if count == 0:
        return _("One person you might ask this week.")
    return ngettext(
        "One person you might think of this week.",
        "%(number)s people you might think of this week. Pick one, or none.",
        count,
    ) % {"number": _number_word(count)}


def _number_word(count: int) -> str:
    words = {2: _("Two"), 3: _("Three"), 4: _("Four"), 5: _("Five")}
    return words.get(count, str(count))


def _item(suggestion: Suggestion, day: date, addresses: Addresses) -> _Item:
    sentence = reason_sentence(suggestion, day, name=in_bold)
    other = counterpart(suggestion)
    if is_ask(suggestion):
        label = _("Ask %(name)s") % {"name": _first_name(suggestion.contact)}
        return _Item(sentence, plain(sentence), [_Step(label, addresses(Act.ASK, suggestion))])
    ask = _("Ask %(name)s first") % {"name": _first_name(other)} if other else _("Get in touch")
    log = _("I introduced them") if other else _("Done, log it")
    steps = [_Step(ask, addresses(Act.ASK, suggestion)), _Step(log, addresses(Act.LOG, suggestion))]
    return _Item(sentence, plain(sentence), steps)


def _question(topic: Topic, addresses: Addresses) -> _Item:
    """Returns the question of a letter, about a need."""
    assert topic.contact is not None  # noqa: S101 - the question is about a contact's topic
    words = {"person": topic.contact.display_name, "what": topic.text.rstrip(" .")}
    steps = [
        _Step(_("Yes"), addresses(Act.STILL, topic)),
        _Step(_("No, settled"), addresses(Act.SETTLED, topic)),
        _Step(_("Ask them"), addresses(Act.ASK_ABOUT, topic)),
    ]
    sentence = _("Is %(person)s still looking for %(what)s?") % words
    return _Item(SafeString(""), sentence, steps)


def _birthdays(near: Sequence[tuple[date, Contact]], day: date) -> str:
    """Returns one line with the birthdays of the coming days; "" if there are none."""
    if not near:
        return ""
    named = [f"{one_line(contact.display_name)} ({human_day(when, day)})" for when, contact in near[:5]]
    return _("Birthdays: %(names)s") % {"names": ", ".join(named)}


def _first_name(contact: Contact) -> str:
    return one_line(contact.given_name or contact.display_name)


def _short_name(contact: Contact) -> str:
    name = _first_name(contact)
    return name if len(name) <= NAMED else f"{name[: NAMED - 1]}…"


@cache
def _inliner() -> css_inline.CSSInliner:
    """Returns the inliner for a letter's style sheet, which leaves media queries in the sheet."""
    return css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
