"""Requesting a mailed sign-in link, and signing in with it."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import SignInLinkForm
from accounts.mail.mailbox import is_open
from accounts.models import SignInLink
from accounts.signing_in.limits import BY_LINK
from accounts.signing_in.links import find_sign_in_link, mail_sign_in_link, use_sign_in_link


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request: HttpRequest) -> HttpResponse:
    """Ask for an address. A POST mails a link to it. Without a mail server, the page says who can help instead.

    Signed-in members then read their mails in the browser, and one session must not be able to open another.
    """
    if is_open():
        if request.method == "POST":
            raise Http404
        return render(request, "accounts/sign_in_link_request.html")
    form = SignInLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        mail_sign_in_link(form.cleaned_data["email"])
        return redirect("accounts:sign-in-link-sent")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/sign_in_link_request.html", {"form": form}, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, whether or not the address belongs to a member."""
    return render(request, "accounts/sign_in_link_sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a click, since mail programs open links too. A POST uses up the link and continues like any sign-in."""
    try:
        if request.method == "POST":
            member = use_sign_in_link(token)
            record_authentication(request, member, method=BY_LINK)
            return perform_login(request, Login(user=member, email=member.email))  # type: ignore[no-any-return]
        link = find_sign_in_link(token)
    except SignInLink.DoesNotExist:
        return render(request, "accounts/sign_in_link_closed.html", status=410)
    return render(request, "accounts/sign_in_link.html", {"member": link.member})
