"""The quick log: a page of its own, a sheet on every page, and open on Today."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacts.middleware import MemberRequest
from contacts.models import Contact, Network, Topic
from contacts.people.topics import close_topic
from contacts.views.answers import page
from favours.forms.entry import ASK, QuickLogForm, blank_quick_log
from favours.journal.moments import Moment, find_moment, people_of, read_people, received_favours
from favours.models import Favour
from favours.suggestions.steps import to_ask
from favours.templatetags.journal import sentence
from favours.tips.asks import who_may_know
from favours.tips.heard import answer_to
from favours.tips.needs import asks_that_fit, needs_that_fit

PLACE = "place of the quick log"
"""Session key under which the place and its day carry over to the next entry."""

MOST_MADE = 50
"""Maximum new people that an undo takes back with their entry; more would not fit into its URL."""


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: MemberRequest) -> HttpResponse:
    """Log help or what was heard, then show the form again for the next entry.

    Without JavaScript, searching for help to pass on submits the form too, and it comes back as it was.
    """
    if request.method != "POST" or "search" in request.POST:
        form = blank_quick_log(request.network, place=place_of_today(request), prefill=request.POST or request.GET)
        after = find_moment(request.network, request.GET["after"]) if "after" in request.GET else None
        return page(request, "favours/quick_log.html", quick_log_context(request, form, after=after), part="log")
    form = QuickLogForm(request.POST, network=request.network)
    moment = form.save() if form.is_valid() else None
    if moment is None:
        return page(request, "favours/quick_log.html", quick_log_context(request, form), part="log", valid=False)
    if isinstance(moment, Topic):
        return _ask_noted(request, moment)
    _carry_over(request, form.cleaned_data["place"])
    read_people(request.network, moment)
    _announce(request, moment, already_known=form.picked.contacts)
    mode = form.cleaned_data["mode"]
    if not request.htmx:
        return redirect(reverse("favours:log", query={"mode": mode, "after": str(moment.uuid)}))
    next_form = blank_quick_log(request.network, mode=mode, place=place_of_today(request))
    context = quick_log_context(request, next_form, after=moment) | {"saved": True}
    response = page(request, "favours/quick_log.html", context, part="log")
    response.headers["HX-Trigger"] = "moments-changed"
    return response


def _ask_noted(request: MemberRequest, ask: Topic) -> HttpResponse:
    """Show the people who may know about an ask that was just noted."""
    if not request.htmx:
        return redirect("favours:ask", ask.uuid)
    network = request.network
    context = quick_log_context(request, blank_quick_log(network, mode=ASK))
    context |= {"ask": ask, "people": who_may_know(network, ask)}
    return page(request, "favours/quick_log.html", context, part="log")


@require_GET
def received(request: MemberRequest) -> HttpResponse:
    """Return the received favours that a given one could pass on, as the member types (a part of the quick log)."""
    passes_on = request.GET.get("passes_on", "")
    context = {
        "received": received_favours(request.network, request.GET.get("received", ""), chosen=passes_on),
        "passes_on": passes_on,
        "today": request.network.today(),
    }
    return page(request, "favours/_received.html", context)


@require_POST
def settle(request: MemberRequest, uuid: str) -> HttpResponse:
    """Mark a need as settled."""
    topic = get_object_or_404(request.network.topics, uuid=uuid)
    close_topic(request.network, topic)
    if request.htmx:
        return HttpResponse()
    messages.success(request, _("Good to hear. It is settled."))
    return redirect("favours:log")


def quick_log_context(request: MemberRequest, form: QuickLogForm, *, after: Moment | None = None) -> dict[str, Any]:
    """Return the context of templates/favours/_quick_log.html: the form and, after an entry, suggested follow-ups."""
    network = request.network
    search = (request.POST or request.GET).get("received", "")
    passes_on = str(form["passes_on"].value() or "")
    return {
        "form": form,
        "focus": True,
        "received": received_favours(network, search, chosen=passes_on),
        "received_search": search,
        "passes_on": passes_on,
        "today": network.today(),
        **(_follow_up(network, after) if after and after.deleted_at is None else {}),
    }


def place_of_today(request: MemberRequest) -> str:
    """Return the place of the last entry if it was logged today, otherwise ""."""
    place, day = request.session.get(PLACE, ("", ""))
    return str(place) if day == request.network.today().isoformat() else ""


def _carry_over(request: MemberRequest, place: str) -> None:
    request.session[PLACE] = (place, request.network.today().isoformat())


def _follow_up(network: Network, moment: Moment) -> dict[str, Any]:
    """Return the follow-up to an entry.

    After help received: the people to thank, and the member's own asks that may be settled. After help given: the needs
    that it may have met. After a need or an offer was heard: the people who match it.
    """
    if not isinstance(moment, Favour):
        answer = answer_to(network, moment)
        return {"answer": answer, "to_ask": to_ask(network, answer)} if answer else {}
    people = people_of(moment)
    if moment.direction == Favour.Direction.GIVE:
        return {"open_seeks": needs_that_fit(network, moment, people)}
    ways = network.ways_to_reach.filter(contact__in=people).exclude(kind="address")
    reachable = [(contact, [way for way in ways if way.contact_id == contact.pk and way.href]) for contact in people]
    return {"to_thank": reachable, "open_asks": asks_that_fit(network, moment)}


def _announce(request: MemberRequest, moment: Moment, *, already_known: Collection[Contact]) -> None:
    """Say what was saved, with links to add a note and to undo the entry together with the people it created."""
    if moment.deleted_at is not None:  # The same form was resubmitted after the entry had been undone.
        messages.info(request, _("This entry is in the trash."))
        return
    text = format_html(_("Saved: {sentence}"), sentence=sentence(moment, links=False))
    if isinstance(moment, Favour):
        text = format_html(
            '{} <a href="{}#id_note">{}</a>', text, reverse("favours:edit", args=[moment.uuid]), _("Add a note")
        )
    made = [str(contact.uuid) for contact in people_of(moment) if contact not in already_known][:MOST_MADE]
    undo_url = reverse("favours:delete", args=[moment.uuid], query={"made": made} if made else None)
    messages.success(request, text, extra_tags=undo_url)
