"""Circles: the list, and a page for each with its people."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.forms.circle import CircleForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Circle
from contacts.people.circles import add_to_circle, delete_circle, remove_from_circle
from contacts.people.picking import picked_people
from contacts.views.answers import identifiers, page, sent
from contacts.views.listing import PAGE_SIZE, listed


@require_http_methods(["GET", "HEAD", "POST"])
def circles(request: MemberRequest) -> HttpResponse:
    """Show the circles, and a form for a new one."""
    form = CircleForm(sent(request), network=request.network)
    if request.method == "POST" and form.is_valid():
        circle = saved(form, form.save)
        if circle is not None:
            return redirect("contacts:circle", circle.uuid)
    context = {"circles": request.network.circles.all(), "form": form}
    return page(request, "contacts/circles.html", context, valid=not form.errors)


@require_safe
def circle(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show the people in a circle, page by page."""
    return _circle_page(request, get_object_or_404(request.network.circles, uuid=uuid))


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Rename a circle."""
    circle = get_object_or_404(request.network.circles, uuid=uuid)
    form = CircleForm(sent(request), network=request.network, circle=circle)
    if request.method == "POST" and form.is_valid() and saved(form, form.save) is not None:
        return redirect("contacts:circle", uuid)
    return page(request, "contacts/circle_name.html", {"circle": circle, "form": form}, valid=not form.errors)


@require_POST
def add_people(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Add the picked people to a circle; new names become contacts."""
    network = request.network
    circle = get_object_or_404(network.circles, uuid=uuid)
    picked = picked_people(network, request.POST)
    if picked.errors:
        return _circle_page(request, circle, picked=picked, valid=False)
    add_to_circle(network, circle, picked.people(network))
    return redirect("contacts:circle", uuid)


@require_POST
def remove_people(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Remove all ticked people from a circle; they remain contacts."""
    circle = get_object_or_404(request.network.circles, uuid=uuid)
    people = request.network.contacts.filter(uuid__in=identifiers(request.POST.getlist("contacts")))
    remove_from_circle(request.network, circle, people)
    return redirect("contacts:circle", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Ask for confirmation, then delete a circle."""
    circle = get_object_or_404(request.network.circles, uuid=uuid)
    if request.method != "POST":
        return page(request, "contacts/circle_delete.html", {"circle": circle})
    delete_circle(request.network, circle)
    messages.success(request, _("The circle “%(name)s” is dissolved; its people stay.") % {"name": circle.name})
    return redirect("contacts:circles")


def _circle_page(request: MemberRequest, circle: Circle, *, valid: bool = True, **context: object) -> HttpResponse:
    members = request.network.circle_memberships.filter(circle=circle).values("contact")
    after = request.GET.get("after", "")
    people = listed(request.network, request.network.contacts.filter(pk__in=members), after=after)
    next_url = ""
    if len(people) > PAGE_SIZE:
        next_url = reverse("contacts:circle", args=[circle.uuid], query={"after": str(people[PAGE_SIZE - 1].uuid)})
    context |= {"circle": circle, "people": people[:PAGE_SIZE], "next_url": next_url, "client_key": uuid4()}
    return page(request, "contacts/circle.html", context, part="rows" if after else "", valid=valid)
