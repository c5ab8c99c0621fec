"""The member's own mails, which can be read in the browser if there is no mail server."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.mail.frame import framed_mail
from accounts.mail.mailbox import is_open, mails_of
from accounts.models import OutgoingMail
from accounts.views.request import SignedInRequest

PER_PAGE = 50


@require_safe
def mails(request: SignedInRequest) -> HttpResponse:
    """List the member's mails, newest first."""
    if not is_open():
        raise Http404
    page = Paginator(mails_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/mails.html", {"page": page})


@require_safe
def mail(request: SignedInRequest, mail_uuid: uuid.UUID) -> HttpResponse:
    """Show a mail as a mail program would, and as text."""
    return render(request, "accounts/mail.html", {"mail": _mail(request, mail_uuid)})


@require_safe
def mail_frame(request: SignedInRequest, mail_uuid: uuid.UUID) -> HttpResponse:
    """Show the HTML of a mail, for the frame on its page."""
    shown = _mail(request, mail_uuid)
    if not shown.html:
        raise Http404
    return framed_mail(shown.html, with_links=True)


def _mail(request: SignedInRequest, mail_uuid: uuid.UUID) -> OutgoingMail:
    if not is_open():
        raise Http404
    return get_object_or_404(mails_of(request.user), uuid=mail_uuid)
