"""The weekly letter: settings, preview, sending one now; also the pages behind its links, for signed-out readers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.mail import mailbox
from accounts.mail.frame import framed_mail
from contacts.days import format_day
from contacts.middleware import MemberRequest
from contacts.models import Network
from contacts.views.answers import page, sent
from favours.digest import links, sending
from favours.digest.preview import letter_now
from favours.digest.timing import is_paused, next_letter_at, settings_of
from favours.forms.letter import LetterForm
from favours.sample.network import sample_run
from favours.suggestions.exclusions import excluded_people

LATEST = 8


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: MemberRequest) -> HttpResponse:
    """Show and store the settings, with the latest letters and a preview."""
    network = request.network
    form = LetterForm(sent(request), network=network)
    if form.is_valid():
        form.keep()
        messages.success(request, _("Saved."))
        return redirect("favours:letter")
    return page(request, "favours/letter.html", _context(network, form), valid=not form.is_bound)


@require_POST
def send_now(request: MemberRequest) -> HttpResponse:
    """Queue a letter right away; the page's key makes a second tap harmless."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid.uuid4()
    if sample_run(request.network):
        messages.info(request, _("The sample network is still here. While it is, no letter goes out."))
        return redirect("favours:letter")
    try:
        is_queued = sending.send_one_now(request.network, key)
    except sending.TooManyLettersError:
        messages.info(
            request, _("You have had five letters in a day. Ask again tomorrow; the weekly one comes anyway.")
        )
        return redirect("favours:letter")
    if is_queued:
        messages.success(request, _("It is on its way to %(address)s.") % {"address": request.user.email})
    else:
        messages.info(request, _("There is nobody to suggest right now, so there is no letter."))
    return redirect("favours:letter")


@require_safe
def preview(request: MemberRequest) -> HttpResponse:
    """Return the letter as it would go out now, for an iframe. Records nothing, and its links lead nowhere."""
    shown = letter_now(request.network)
    if shown is None:
        raise Http404
    return framed_mail(shown.html)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_link(request: HttpRequest, act: str, token: str) -> HttpResponse:
    """Show, in the member's language, what a letter link does, and do it when the button is pressed."""
    try:
        link = links.read_link(act, token)
    except links.BadLinkError:
        raise Http404 from None
    except links.SpentLinkError:
        return render(request, "favours/letter_link_spent.html", status=410)
    with translation.override(link.network.owner.language), timezone.override(link.network.owner.zone):
        context = {"link": link, "act": link.act.value, "text": links.message_of(link), "people": link.people}
        if request.method != "POST" or link.act == links.Act.ASK_ABOUT:
            return render(request, "favours/letter_link.html", context)
        try:
            links.follow_link(link)
        except (links.SpentLinkError, ValidationError):
            return render(request, "favours/letter_link_spent.html", status=410)
        return render(request, "favours/letter_link.html", context | {"done": True})


@csrf_exempt  # Mail programs unsubscribe with a POST of their own (RFC 8058); the URL is the secret.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch the letter off, either with a button or by a mail program that shows no page."""
    try:
        network = links.unsubscribe(token) if request.method == "POST" else links.read_unsubscribe(token)
    except links.BadLinkError:
        raise Http404 from None
    with translation.override(network.owner.language):
        return render(request, "favours/letter_unsubscribe.html", {"done": request.method == "POST"})


def _context(network: Network, form: LetterForm) -> dict[str, Any]:
    stored = settings_of(network)
    next_at = next_letter_at(stored)
    return {
        "form": form,
        "next_at": next_at and _in_words(timezone.localtime(next_at)),
        "paused": is_paused(stored, network.today()),
        "sample": sample_run(network) is not None,
        "excluded": excluded_people(network),
        "letters": sending.latest_letters(network, LATEST),
        "shown": letter_now(network),
        "key": uuid.uuid4(),
        "mailbox_is_open": mailbox.is_open(),
    }


def _in_words(at: datetime) -> str:
    """Format the weekday, day and hour, as in "Monday, 30 November, 07:00"."""
    return f"{date_format(at, 'l')}, {format_day(at.date(), with_year=False)}, {date_format(at, 'H:i')}"
