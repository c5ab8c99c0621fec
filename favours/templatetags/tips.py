"""Template filters for the people a tip is for."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts.matching import By, Kind, Match

register = template.Library()


@register.filter
def marked(match: Match) -> SafeString:
    """Return the text of a match with the matching words marked, or with a note that it is close in meaning."""
    if match.by is By.MEANING:
        return format_html("{} {}", match.text, _("(close in meaning)"))
    if not match.words:
        return format_html("{}", match.text)
    pattern = "|".join(re.escape(word) for word in sorted(match.words, key=len, reverse=True))
    pieces = re.split(rf"(?<![^\W_])({pattern})(?![^\W_])", match.text)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if piece in match.words else piece,) for piece in pieces)
    )


@register.filter
def stance(match: Match, today: date) -> str:
    """Return the words before the text of a match that say how the contact relates to it."""
    if match.topic is not None and match.kind is Kind.SEEKS and match.topic.is_asleep(today):
        since = match.topic.renewed_on or match.topic.noted_on
        month = date_format(since, "F" if since.year == today.year else "F Y")
        return _("was looking in %(month)s for") % {"month": month}
    return {
        Kind.SEEKS: _("is looking for"),
        Kind.OFFERS: _("offers"),
        Kind.INTEREST: _("is interested in"),
        Kind.ROLE: _("by their role"),
        Kind.ORGANISATION: _("is with"),
        Kind.NOTES: _("in your notes"),
    }[match.kind]
