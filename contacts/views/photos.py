"""Showing, uploading and removing a contact's picture."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.forms.photo import PhotoForm
from contacts.middleware import MemberRequest
from contacts.people.photos import MEDIA_TYPE, remove_photo, with_pictures
from contacts.views.answers import page, sent, sent_files

KEPT_BY_BROWSER = "private, max-age=604800, immutable"
"""Cache header: the picture at a URL never changes, and only the member's own browser may keep it."""


@require_safe
def photo(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Return the picture itself."""
    photo = get_object_or_404(request.network.photos.filter(contact__deleted_at=None), uuid=uuid)
    response = HttpResponse(bytes(photo.content), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = KEPT_BY_BROWSER
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Upload a contact's picture, replacing any other."""
    contact = get_object_or_404(with_pictures(request.network.contacts.all()), uuid=uuid)
    form = PhotoForm(sent(request), sent_files(request), network=request.network, contact=contact)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(contact)
    return page(request, "contacts/photo.html", {"contact": contact, "form": form}, valid=not form.errors)


@require_POST
def remove(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Delete a contact's picture for good."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    remove_photo(request.network, contact)
    messages.success(request, _("The picture is gone."))
    return redirect(contact)
