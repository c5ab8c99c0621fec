"""Undoing actions of the admin site. The data needed for it is kept in the member's own session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.admin.base import network_of
from contacts.merging import NotLastMergeError
from contacts.models import Network

Undo: TypeAlias = Callable[[Network, Any], object]

WAITING = "admin_undo"
MOST = 10
"""Latest actions that can be undone."""

_undos: dict[str, Undo] = {}


def register_undo(act: str) -> Callable[[Undo], Undo]:
    """Register the decorated function to undo `act`, given the network and the JSON kept for the action."""

    def register(undo: Undo) -> Undo:
        _undos[act] = undo
        return undo

    return register


def tell_undoable(request: HttpRequest, text: str, *, act: str, kept: Any) -> None:
    """Tell the member what happened, with a button that undoes it by means of the `kept` JSON."""
    key = uuid4().hex
    waiting = list(request.session.get(WAITING, []))
    request.session[WAITING] = [*waiting, [key, act, kept, request.get_full_path()]][-MOST:]
    messages.success(request, text, extra_tags=reverse("admin:undo", args=[key]))


@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Undo an action and return to the list where it was done."""
    waiting = request.session.get(WAITING, [])
    found = next((entry for entry in waiting if entry[0] == key), None)
    if found is None:
        raise Http404
    _key, act, kept, address = found
    try:
        _undos[act](network_of(request), kept)
    except NotLastMergeError as problem:
        messages.info(request, problem.advice)
        return redirect(address)
    request.session[WAITING] = [entry for entry in waiting if entry is not found]
    messages.success(request, _("Everything is as it was."))
    return redirect(address)
