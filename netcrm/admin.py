"""The admin site, for the operator of the instance and for members with staff rights who tidy up their own network.

The operator sees the state of accounts, mails and invitations, but never a member's network or the text of a mail.
Members see the pages of contacts/admin and favours/admin.py, with their own data only.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import contacts.admin
import favours.admin
from accounts.mail.outbox import retry
from accounts.models import Invitation, OutgoingMail, User
from contacts.admin.base import QuietAdmin


class NetcrmAdminSite(admin.AdminSite):
    """Leaves signing in, with its second factor, to allauth. Responds with 404 to members without the permission."""

    site_title = site_header = "netcrm"
    index_title = gettext_lazy("Tidy up")
    index_template = "admin/tidy.html"
    site_url = "/"
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        """Return the URLs of the models' lists, and of the pages that contacts/admin adds."""
        return [*contacts.admin.addresses(self), *super().get_urls()]

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect guests to the login page. Raises Http404 for members without the permission."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out as on every other page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        get_adapter(request).logout(request)
        return redirect("account_login")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the page on which every member changes their password."""
        return redirect("account_change_password")


class StatesAdmin(QuietAdmin):
    """A list that the operator of the instance may view and act on through its actions."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


class MemberAdmin(StatesAdmin):
    """The members. Closing an account signs the member out and leaves their data untouched."""

    list_display = ["email", "name", "is_active", "is_superuser", "date_joined", "last_login"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    actions = ["close", "open_again"]

    @admin.action(description=gettext_lazy("Close the selected accounts"))
    def close(self, request: HttpRequest, members: QuerySet[User]) -> None:
        members.exclude(email=request.user.get_username()).update(is_active=False)
        messages.success(request, _("Closed. Your own account stays open."))

    @admin.action(description=gettext_lazy("Open the selected accounts again"))
    def open_again(self, request: HttpRequest, members: QuerySet[User]) -> None:
        members.update(is_active=True)
        messages.success(request, _("Opened."))


class OutgoingMailAdmin(StatesAdmin):
    """The states of outgoing mails, without their recipients, subjects and texts."""

    list_display = ["created_at", "purpose", "state", "attempts", "due_at", "sent_at", "reason", "problem"]
    list_filter = ["state", "purpose"]
    ordering = ["-created_at", "-pk"]
    actions = ["send_again"]

    @admin.action(description=gettext_lazy("Try the selected failed mails again"))
    def send_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        retry(mails)
        messages.success(request, _("They will be tried again."))


class InvitationAdmin(StatesAdmin):
    """Open invitations, including the set-up link if there is one."""

    list_display = ["email", "invited_by", "created_at", "expires_at"]
    ordering = ["-created_at", "-pk"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Take the selected invitations back"))
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        invitations.delete()
        messages.success(request, _("They no longer work."))


site = NetcrmAdminSite()
site.register(User, MemberAdmin)
site.register(OutgoingMail, OutgoingMailAdmin)
site.register(Invitation, InvitationAdmin)
contacts.admin.register(site)
favours.admin.register(site)
