"""Journal entries as warm, whole sentences.

Each pattern is translated as a whole, one per direction, kind and number of people, because grammars differ. All
functions are pure: they take names as plain text or safe HTML and return safe HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext_lazy, pgettext
from django.utils.translation import gettext_lazy as _

Direction: TypeAlias = str
Kind: TypeAlias = str

WITH_PEOPLE: dict[tuple[Direction, Kind], Promise] = {
    ("give", "tip"): ngettext_lazy("You gave {people} a tip.", "You gave {people} a tip.", "people"),
    ("give", "introduction"): ngettext_lazy(
        "You introduced {people} to somebody.", "You introduced {people}.", "people"
    ),
    ("give", "recommendation"): ngettext_lazy("You recommended {people}.", "You recommended {people}.", "people"),
    ("give", "advice"): ngettext_lazy("You gave {people} advice.", "You gave {people} advice.", "people"),
    ("give", "support"): ngettext_lazy("You lent {people} a hand.", "You lent {people} a hand.", "people"),
    ("give", "other"): ngettext_lazy("You helped {people}.", "You helped {people}.", "people"),
    ("receive", "tip"): ngettext_lazy("{people} gave you a tip.", "{people} gave you a tip.", "people"),
    ("receive", "introduction"): ngettext_lazy(
        "{people} introduced you to somebody.", "{people} introduced you to somebody.", "people"
    ),
    ("receive", "recommendation"): ngettext_lazy("{people} recommended you.", "{people} recommended you.", "people"),
    ("receive", "advice"): ngettext_lazy("{people} gave you advice.", "{people} gave you advice.", "people"),
    ("receive", "support"): ngettext_lazy("{people} lent you a hand.", "{people} lent you a hand.", "people"),
    ("receive", "other"): ngettext_lazy("{people} helped you.", "{people} helped you.", "people"),
}
WITHOUT_PEOPLE: dict[tuple[Direction, Kind], Promise] = {
    ("give", "tip"): _("You gave somebody a tip."),
    ("give", "introduction"): _("You introduced people."),
    ("give", "recommendation"): _("You recommended somebody."),
    ("give", "advice"): _("You gave somebody advice."),
    ("give", "support"): _("You lent somebody a hand."),
    ("give", "other"): _("You helped somebody."),
    ("receive", "tip"): _("Somebody gave you a tip."),
    ("receive", "introduction"): _("Somebody introduced you."),
    ("receive", "recommendation"): _("Somebody recommended you."),
    ("receive", "advice"): _("Somebody gave you advice."),
    ("receive", "support"): _("Somebody lent you a hand."),
    ("receive", "other"): _("Somebody helped you."),
}
HEARD: dict[Kind, Promise] = {
    "seeks": _("{people} is looking for {text}."),
    "offers": _("{people} offers {text}."),
    "interest": _("{people} is interested in {text}."),
}


def favour_sentence(direction: Direction, kind: Kind, people: Sequence[str]) -> SafeString:
    """Return the sentence about an act of help, as in "You gave Anna and Ben a tip."."""
    if not people:
        return format_html("{}", WITHOUT_PEOPLE[direction, kind])
    return _filled(WITH_PEOPLE[direction, kind], people)


def conversation_sentence(people: Sequence[str], *, is_news: bool = False) -> SafeString:
    """Return the sentence about a conversation or news, as in "You talked with Anna."."""
    if is_news:
        if not people:
            return format_html("{}", gettext("You heard news of somebody."))
        return _filled(ngettext_lazy("You heard news of {people}.", "You heard news of {people}.", "people"), people)
    if not people:
        return format_html("{}", gettext("You talked with somebody."))
    return _filled(ngettext_lazy("You talked with {people}.", "You talked with {people}.", "people"), people)


def heard_sentence(kind: Kind, person: str, text: str) -> SafeString:
    """Return the sentence about what somebody seeks, offers or likes, as in "Deniz is looking for an office."."""
    return format_html(str(HEARD[kind]), people=person, text=text.rstrip(" ."))


def passes_on_sentence(people: Sequence[str], when: str) -> SafeString:
    """Return the sentence about the help that a given favour passed on. `when` comes from `human_day`."""
    if not people:
        return format_html(gettext("With it you passed on what had come to you ({when})."), when=when)
    return format_html(
        gettext("With it you passed on what had come from {people} ({when})."), people=joined(people), when=when
    )


def passed_on_sentence(people: Sequence[str], when: str) -> SafeString:
    """Return the sentence about the people to whom a received favour was passed on. `when` comes from `human_day`."""
    if not people:
        return format_html(gettext("You passed it on ({when})."), when=when)
    return format_html(gettext("You passed it on to {people} ({when})."), people=joined(people), when=when)


def joined(people: Sequence[str]) -> SafeString:
    """Join the names into one phrase: "Anna", "Anna and Ben", "Anna, Ben and Clara"."""
    if len(people) < 2:
        return format_html_join("", "{}", ((name,) for name in people))
    *first, last = people
    return format_html(
        pgettext("two names, or several with commas and the last one", "{names} and {last}"),
        names=format_html_join(", ", "{}", ((name,) for name in first)),
        last=last,
    )


def _filled(pattern: Promise, people: Sequence[str]) -> SafeString:
    """Choose the form of the pattern for this number of people and insert their names."""
    return format_html(pattern % {"people": len(people)}, people=joined(people))
