"""Pages of suggestions: the week's people on Today, the page about one of them, and the member's answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contacts.middleware import MemberRequest
from contacts.models import Network
from contacts.views.answers import page
from favours.journal.moments import people_of, read_people
from favours.models import Favour, Suggestion
from favours.suggestions import answers, exclusions, rounds
from favours.suggestions.steps import addressee, counterpart, first_text, introduction_text, reaching_steps, steps_of
from favours.templatetags.journal import sentence
from favours.tips.needs import needs_that_fit

LATER = gettext_lazy("Later, then.")
ANSWERS: dict[str, tuple[Callable[[Network, Suggestion], None], Promise]] = {
    **{f"later-{months}": (partial(answers.postpone, months=months), LATER) for months in answers.LATER_MONTHS},
    "unfit": (answers.reject, gettext_lazy("Not for this reason any more.")),
    "never": (answers.exclude, gettext_lazy("Will not be suggested any more.")),
    "dismiss": (answers.dismiss, gettext_lazy("All right.")),
    "died": (answers.note_death, gettext_lazy("Noted that they have died.")),
}
"""The function to call and the message to show for each value the answer buttons send."""


@require_safe
def suggestions(request: MemberRequest) -> HttpResponse:
    """Show this week's people; htmx gets only their list."""
    return page(request, "favours/suggestions.html", suggestions_context(request.network), part="list")


@require_safe
def suggestion(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show a message to write, ways to reach the person, and every answer.

    With `introduce` in the query, the message is to both people.
    """
    network = request.network
    shown = _suggestion(network, uuid)
    other = counterpart(shown)
    both = introduction_text(shown) if "introduce" in request.GET or shown.asked_at else ""
    text = both or first_text(shown)
    reached = [shown.contact, other] if other and both else [addressee(shown)]
    context = {
        "suggestion": shown,
        "other": other,
        "introducing": bool(both),
        "text": text,
        "people": reaching_steps(network, reached, text),
        "today": network.today(),
        "later_months": answers.LATER_MONTHS,
    }
    return page(request, "favours/suggestion.html", context)


@require_POST
def answer(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Record an answer: later, doesn't fit, not any more, has died or dismissed. The message offers undo."""
    chosen = ANSWERS.get(request.POST.get("answer", ""))
    shown = _suggestion(request.network, uuid)
    if chosen is None:
        return HttpResponseBadRequest()
    act, said = chosen
    act(request.network, shown)
    text = _("%(name)s: %(answer)s") % {"name": shown.contact.display_name, "answer": said}
    messages.success(request, text, extra_tags=reverse("favours:suggestion_reopen", args=[uuid]))
    return _list(request)


@require_POST
def asked(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Note that the member reached out; the next visit asks about the outcome."""
    answers.note_asked(request.network, _suggestion(request.network, uuid))
    return HttpResponse(status=204) if request.htmx else redirect("favours:today")


@require_POST
def reopen(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Take an answer back."""
    rows = request.network.suggestions.select_related("contact")
    answers.reopen(request.network, get_object_or_404(rows, uuid=uuid))
    return redirect("favours:today")


@require_POST
def suggest_again(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Allow somebody to be suggested again whom the member had excluded."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    exclusions.readmit(request.network, contact)
    messages.success(request, _("%(name)s may be suggested again.") % {"name": contact.display_name})
    return redirect("favours:letter")


@require_POST
def log_suggested(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Log what the suggestion led to: an introduction of both people, a tip, or a conversation."""
    network = request.network
    shown = _suggestion(network, uuid)
    try:
        moment = answers.log_it(network, shown)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _list(request)
    read_people(network, moment)
    is_tip = shown.signals[0].tip is not None and isinstance(moment, Favour)
    undo_url = reverse("favours:tip_undo" if is_tip else "favours:delete", args=[moment.uuid])
    said = format_html(_("Saved: {sentence}"), sentence=sentence(moment, links=False))
    messages.success(request, said, extra_tags=undo_url)
    if not request.htmx and isinstance(moment, Favour):
        return redirect(reverse("favours:log", query={"after": str(moment.uuid)}))
    needs = needs_that_fit(network, moment, people_of(moment)) if isinstance(moment, Favour) else []
    response = _list(request, {"open_seeks": needs})
    response.headers["HX-Trigger"] = "suggestion-logged"
    return response


def suggestions_context(network: Network) -> dict[str, Any]:
    """Return the context of templates/favours/_suggestions.html: who is waiting this week and who was asked earlier."""
    today = network.today()
    made = rounds.current_round(network, today)
    waiting = rounds.open_suggestions(network, made) if made else []
    asked_before = rounds.asked_before(network, made, today)
    steps = steps_of(network, waiting)
    return {
        "suggested": [(each, steps[each.uuid]) for each in waiting],
        "asked_before": asked_before,
        "has_round": made is not None,
        "today": today,
        "later_months": answers.LATER_MONTHS,
    }


def _suggestion(network: Network, uuid: UUID) -> Suggestion:
    found = rounds.find_suggestion(network, uuid)
    if found is None:
        raise Http404
    return found


def _list(request: MemberRequest, more: dict[str, Any] | None = None) -> HttpResponse:
    """Return the current list with the messages to htmx; redirect everybody else to Today."""
    if not request.htmx:
        return redirect("favours:today")
    context = suggestions_context(request.network) | {"answered": True} | (more or {})
    return page(request, "favours/suggestions.html", context, part="list")
