"""The calendar feed, and the page on which its secret URL is created and revoked."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signing_in.doors import door
from contacts.calendar.feed import close_feed, network_of_token, open_feed, write_calendar
from contacts.middleware import MemberRequest
from contacts.views.answers import page


@require_http_methods(["GET", "HEAD", "POST"])
@door
def calendar(request: MemberRequest) -> HttpResponse:
    """Create the secret URL, which is shown only this once, or revoke it."""
    address = ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        close_feed(request.network)
        messages.success(request, _("The address is revoked. Nobody reads anything there any more."))
        return redirect("contacts:calendar")
    if request.method == "POST":
        address = f"{settings.BASE_URL}{reverse('contacts:calendar_feed')}?key={open_feed(request.network)}"
    context = {"address": address, "feed": request.network.calendar_feeds.first()}
    return page(request, "contacts/calendar.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """Return the calendar to anybody who knows the secret, which is in the query: paths are logged, queries are not.

    The status is 404 for an unknown secret, and 304 if the calendar program already has this version.
    """
    network = network_of_token(request.GET.get("key", ""))
    if network is None:
        raise Http404
    with translation.override(network.owner.language):
        content = write_calendar(network, base_url=settings.BASE_URL)
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="netcrm.ics"'
    return get_conditional_response(request, etag=etag, response=response) or response
