"""Journal sentences and days for templates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contacts.days import human_day
from contacts.models import Contact
from favours.journal import sentences
from favours.journal.moments import Moment, people_of
from favours.models import Favour

register = template.Library()

register.filter("human_day", human_day)


@register.simple_tag
def sentence(moment: Moment, *, links: bool = True) -> SafeString:
    """Return the sentence about help, a conversation or topics heard in it; names are links unless `links` is False."""
    people = [linked(contact) if links else contact.display_name for contact in people_of(moment)]
    if isinstance(moment, Favour):
        return sentences.favour_sentence(moment.direction, moment.kind, people)
    topics = list(moment.topics.all())
    if not topics or len(people) != 1:
        return sentences.conversation_sentence(people, is_news=moment.is_news)
    heard = (sentences.heard_sentence(topic.kind, people[0], topic.text) for topic in topics)
    return format_html_join(" ", "{}", ((each,) for each in heard))


@register.simple_tag
def passing_on(moment: Moment, today: date) -> SafeString:
    """Return the sentences about passing this help on; empty if it was not passed on."""
    told = _passing_on(moment, today) if isinstance(moment, Favour) else ()
    return format_html_join(" ", "{}", ((each,) for each in told))


def _passing_on(favour: Favour, today: date) -> Iterator[SafeString]:
    if favour.passes_on:
        yield sentences.passes_on_sentence(
            [linked(contact) for contact in people_of(favour.passes_on)], human_day(favour.passes_on.day, today)
        )
    for given in favour.passed_on_by.all():
        yield sentences.passed_on_sentence(
            [linked(contact) for contact in people_of(given)], human_day(given.day, today)
        )


def linked(contact: Contact) -> SafeString:
    """Return the contact's name as a link to their page."""
    return format_html('<a class="name" href="{}">{}</a>', contact.get_absolute_url(), contact.display_name)


@register.simple_tag
def moment_url(moment: Moment) -> str:
    """Return the URL of the page that corrects the entry."""
    if isinstance(moment, Favour):
        return reverse("favours:edit", args=[moment.uuid])
    return reverse("contacts:edit_conversation", args=[moment.uuid])
