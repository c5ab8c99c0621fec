"""The network page: the whole network's giving and receiving, in words and then in charts."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from contacts.middleware import MemberRequest
from contacts.views.answers import page
from favours.journal.moments import latest_moments
from favours.models import Summary
from favours.reciprocity import Figures, last_complete_month, narration, summaries
from favours.reciprocity.charts import mix_bars, woven_band
from favours.reciprocity.window import month_end, months_back

LISTED_MONTHS = 120
LATEST = 3


@require_safe
def network(request: MemberRequest) -> HttpResponse:
    """Show the running summary as stored. While it is behind, htmx keeps polling for the summary only."""
    summary = summaries.running_summary(request.network)
    context = _summary_context(request, summary, running=True) | {
        "behind": summaries.is_behind(request.network, summary)
    }
    if not request.htmx:
        context |= {"years": _complete_months(request)}
    return page(request, "favours/network.html", context, part="summary")


@require_safe
def network_month(request: MemberRequest, month: date) -> HttpResponse:
    """Show the summary as of the end of a complete month; redirect for the current month, and 404 for a later one."""
    last_day = month_end(month)
    running = request.network.today().replace(day=1)
    if month == running:
        return redirect("favours:network")
    if month > running:
        raise Http404
    context = _summary_context(request, summaries.open_month(request.network, last_day), running=False)
    return page(request, "favours/network.html", context | {"month": last_day, "years": _complete_months(request)})


def _summary_context(request: MemberRequest, summary: Summary | None, *, running: bool) -> dict[str, Any]:
    context: dict[str, Any] = {"summary": summary, "today": request.network.today()}
    if summary is None:
        return context
    figures: Figures = summary.figures
    if narration.is_empty(figures):
        return context
    if narration.is_under_way(figures):
        return context | {
            "under_way": narration.under_way(),
            "moments": latest_moments(request.network, size=LATEST).moments,
        }
    return context | {
        "story": narration.tell(figures),
        "band": woven_band(figures, running=running),
        "flow_rows": narration.months_of(figures),
        "mix": mix_bars(figures["mix"]["give"]),
    }


def _complete_months(request: MemberRequest) -> list[tuple[int, list[date]]]:
    """Return the complete months that can be opened, grouped by year, newest first, going back at most ten years."""
    earliest = request.network.favours.order_by("day").values_list("day", flat=True).first()
    if earliest is None:
        return []
    newest = last_complete_month(request.network.today(), running=True)
    months = [months_back(newest, back) for back in range(LISTED_MONTHS)]
    since = [month for month in months if month >= earliest.replace(day=1)]
    return [(year, list(group)) for year, group in groupby(since, key=lambda month: month.year)]
