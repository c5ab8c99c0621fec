"""The operator's page of invitations."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.events import note
from accounts.forms import InvitationForm
from accounts.invitations import invite, open_invitations
from accounts.mail.mailbox import is_open
from accounts.signing_in.doors import door
from accounts.views.request import SignedInRequest, operator_only


@operator_only
@require_http_methods(["GET", "HEAD", "POST"])
@door
def invitations(request: SignedInRequest) -> HttpResponse:
    """List the open invitations. A POST invites an address and shows its link once."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    link = ""
    if form.is_valid():
        try:
            link = invite(request.user, form.cleaned_data["email"])
        except ValidationError as problem:
            form.add_error(None, problem)
    status = 422 if form.is_bound and not link else 200
    context = {
        "form": InvitationForm() if link else form,
        "link": link,
        "invited": form.cleaned_data["email"] if link else "",
        "invitations": open_invitations(),
        "sends_mail": not is_open(),
    }
    return render(request, "accounts/invitations.html", context, status=status)


@operator_only
@require_POST
def revoke(request: SignedInRequest, invitation_uuid: uuid.UUID) -> HttpResponse:
    """Revoke an invitation, so that its link no longer works."""
    get_object_or_404(open_invitations(), uuid=invitation_uuid).delete()
    note("invitation revoked", request.user)
    messages.success(request, _("The invitation no longer works."))
    return redirect("accounts:invitations")
