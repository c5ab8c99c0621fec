"""The page of the member's sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signing_in.sessions import end_other_sign_ins, end_sign_in, sign_ins_of
from accounts.views.request import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: SignedInRequest) -> HttpResponse:
    """List the member's sessions. A POST ends all but the current one."""
    if request.method == "POST":
        end_other_sign_ins(request, request.user)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("accounts:sessions")
    return render(request, "accounts/sessions.html", {"sign_ins": sign_ins_of(request, request.user)})


@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """End one of the member's other sessions, identified by the form field `session`."""
    named = request.POST.get("session", "")
    if not (named.isascii() and named.isdecimal() and len(named) < 16):
        raise Http404
    if not end_sign_in(request, request.user, int(named)):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return redirect("accounts:sessions")
