"""Today: the quick log, whose birthday is near, and the latest entries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.birthdays import birthdays
from contacts.middleware import MemberRequest
from favours.forms import blank_quick_log
from favours.moments import latest_moments
from favours.views.quick_log import place_of_today, quick_log_context

LATEST = 8


@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """The start page. htmx gets the latest entries alone, after the quick log has added one."""
    network = request.network
    context = {"moments": latest_moments(network, size=LATEST).moments, "today": network.today()}
    if request.htmx:
        return render(request, "favours/today.html#latest", context)
    form = blank_quick_log(network, place=place_of_today(request))
    context |= quick_log_context(request, form)
    context |= {
        "birthdays": birthdays(network),
        "helped_nobody_yet": not network.favours.exists(),
        "heard_nothing_yet": not network.lines.exists(),
    }
    return render(request, "favours/today.html", context)
