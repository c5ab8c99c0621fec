"""`request.network`, the only way from a request to rows."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from contacts.models import Network


class MemberRequest(HttpRequest):
    """A request as views see it: pages are private by default, so it always has a user and a network."""

    user: User
    network: Network
    htmx: HtmxDetails


class NetworkMiddleware:
    """Middleware that puts the signed-in member's network on the request; a guest's request has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = request.user
        if member.is_authenticated:
            request.network = SimpleLazyObject(lambda: network_of(member))  # type: ignore[attr-defined]
        return self.get_response(request)


def network_of(member: User) -> Network:
    """Return the member's network, creating it on first use."""
    network, _created = Network.objects.get_or_create(owner=member)
    network.owner = member
    return network
