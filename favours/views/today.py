"""Today: the quick log, who could use a tip, upcoming birthdays and the latest entries."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from contacts.calendar.birthdays import birthdays
from contacts.calendar.reminders import due_reminders
from contacts.middleware import MemberRequest
from contacts.views.answers import page
from favours.digest.sending import silence_of_week
from favours.forms.entry import blank_quick_log
from favours.journal.moments import latest_moments
from favours.reciprocity.charts import woven_band
from favours.reciprocity.narration import months_of
from favours.reciprocity.summaries import running_summary
from favours.views.quick_log import place_of_today, quick_log_context
from favours.views.suggestions import suggestions_context

LATEST = 8


@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """Show the start page. After the quick log has added an entry, htmx gets only the latest entries."""
    network = request.network
    context = {"moments": latest_moments(network, size=LATEST).moments, "today": network.today()}
    if request.htmx:
        return page(request, "favours/today.html", context, part="latest")
    context |= suggestions_context(network)
    context |= _picture(request)
    form = blank_quick_log(network, place=place_of_today(request))
    form.is_first = not network.favours.exists()
    context |= quick_log_context(request, form)
    context |= {
        "birthdays": birthdays(network),
        "reminders": due_reminders(network),
        "silence": "" if context["suggested"] else silence_of_week(network),
        "heard_nothing_yet": not network.topics.exists(),
    }
    return page(request, "favours/today.html", context)


def _picture(request: MemberRequest) -> dict[str, Any]:
    """Return the band of the last twelve months, to the extent that the stored summary may show it."""
    summary = running_summary(request.network)
    band = woven_band(summary.figures, running=True) if summary else None
    return {"band": band, "flow_rows": months_of(summary.figures)} if summary and band else {}
