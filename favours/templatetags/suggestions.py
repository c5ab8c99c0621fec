"""Template tags for suggestions."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString

from favours.models import Suggestion
from favours.suggestions.wording import reason_sentence
from favours.templatetags.journal import linked

register = template.Library()


@register.simple_tag
def reason(suggestion: Suggestion, today: date) -> SafeString:
    """Return the sentence that says why somebody is suggested, with the names as links."""
    return reason_sentence(suggestion, today, name=linked)
