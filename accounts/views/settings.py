"""The member's own settings, and erasing the account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import EraseForm, PreferencesForm
from accounts.mail.mailbox import is_open
from accounts.members import erase_member
from accounts.signing_in.doors import door
from accounts.views.request import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    """Show and store name, language, time zone and appearance, with links to everything else about the account."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        member = form.save()
        with translation.override(member.language):
            messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    if form.is_bound:
        request.user.refresh_from_db()  # The form has put invalid values into the user that the page's header shows.
    context = {"form": form, "mailbox_is_open": is_open()}
    return render(request, "accounts/settings.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@door
def erase(request: SignedInRequest) -> HttpResponse:
    """Show the scope of the erasure. A POST with the member's address and password erases the account and signs out."""
    form = EraseForm(request.POST if request.method == "POST" else None, member=request.user)
    if form.is_valid():
        member = request.user
        get_adapter(request).logout(request)
        erase_member(member)
        messages.success(request, _("Your account and everything in it is erased."))
        return redirect("account_login")
    return render(request, "accounts/erase.html", {"form": form}, status=422 if form.is_bound else 200)
