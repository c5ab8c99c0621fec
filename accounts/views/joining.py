"""Becoming a member by the set-up link or by an invitation."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import JoinForm
from accounts.invitations import accept, find_invitation
from accounts.models import Invitation, User


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the joining form. A POST creates the member, uses up the link, signs them in and redirects to Today."""
    try:
        invitation = find_invitation(token)
        form = JoinForm(request.POST if request.method == "POST" else None, invited=invitation.email)
        if form.is_valid():
            member = _accept(token, form)
            if member is not None:
                return perform_login(request, member)  # type: ignore[no-any-return]
    except Invitation.DoesNotExist:
        return render(request, "accounts/join_closed.html", status=410)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation}, status=status)


def _accept(token: str, form: JoinForm) -> User | None:
    """Return the new member, or None with the reason in the form's errors. Raises Invitation.DoesNotExist."""
    try:
        return accept(token, **form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem)
        return None
