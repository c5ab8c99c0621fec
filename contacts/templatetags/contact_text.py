"""Template filters for texts about contacts."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from contacts.cards import Text
from contacts.days import format_day, human_day
from contacts.files.vcard.also_known import Detail
from contacts.markdown import render_markdown
from contacts.models import Contact, Topic

register = template.Library()

LEAP_YEAR = 2000
WORDS = re.compile(r"[\s,]+")
WORD = re.compile(r"[^\s,]+")

WAY_WORDS = {
    "mobile": pgettext_lazy("way to reach", "mobile"),
    "home": pgettext_lazy("way to reach", "home"),
    "work": pgettext_lazy("way to reach", "work"),
    "school": pgettext_lazy("way to reach", "school"),
    "car": pgettext_lazy("way to reach", "car"),
    "fax": pgettext_lazy("way to reach", "fax"),
}
"""The words that most labels in imports consist of; see contacts/files/labels.py."""


@register.filter
def markdown(text: str) -> SafeString:
    """Return a Markdown note as safe HTML."""
    return render_markdown(text)


@register.filter
def birthday(contact: Contact) -> str:
    """Return the birthday in words, with the year only if it is known; empty if there is none."""
    if contact.birth_month is None or contact.birth_day is None:
        return ""
    day = date(contact.birth_year or LEAP_YEAR, contact.birth_month, contact.birth_day)
    return format_day(day, with_year=contact.birth_year is not None)


@register.filter
def way_label(label: Text) -> str:
    """Return the label of a way to reach: known words in the member's language, any others as written."""
    return WORD.sub(lambda found: str(WAY_WORDS.get(found[0], found[0])), str(label))


@register.filter
def detail_value(detail: Detail) -> str:
    """Return the value of a detail: a day in words, anything else unchanged."""
    day = detail.full_day
    return format_day(day, with_year=detail.day is not None and detail.day.year is not None) if day else detail.value


register.filter("heard_on", human_day)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of a name's first and last word, shown in place of a missing picture."""
    words = [word for word in WORDS.split(name.strip()) if word[:1].isalnum()]
    return "".join(word[0] for word in dict.fromkeys((*words[:1], *words[-1:]))).upper()


@register.filter
def is_asleep(topic: Topic, today: date) -> bool:
    """Return whether the topic has gone unconfirmed for so long that the member should be asked about it."""
    return topic.is_asleep(today)
