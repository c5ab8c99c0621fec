"""The list of contacts, with search, circles, letters and bulk actions; and the people picker's suggestions."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.forms.person import NewPersonForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.models import Circle, Contact, Network
from contacts.people.circles import add_to_circle, circles_named
from contacts.people.conversations import log_conversation
from contacts.people.directory import archive_contacts, restore_contacts, trash_contacts, unarchive_contacts
from contacts.people.picking import suggested_people
from contacts.people.search import find_contacts
from contacts.templatetags.contact_text import initials
from contacts.views.answers import identifiers, page, sent
from contacts.views.conversations import tell_logged
from contacts.views.listing import PAGE_SIZE, listed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """Show the contacts by name, from a letter or after a given contact; `select` adds boxes to tick."""
    network, asked = request.network, request.GET
    circles = list(network.circles.all())
    circle = _circle(circles, asked.get("circle", ""))
    contacts = _matching(network, asked, circle)
    letter = asked.get("start", "")
    letter = letter if letter in set(string.ascii_lowercase) else ""
    rows = listed(network, contacts, after=asked.get("after", ""), start=letter)
    context = {
        "rows": rows[:PAGE_SIZE],
        "next_url": _address(request, after=str(rows[PAGE_SIZE - 1].uuid)) if len(rows) > PAGE_SIZE else "",
        "q": asked.get("q", ""),
        "circles": [(each, _address(request, circle=str(each.uuid))) for each in circles],
        "everybody_url": _address(request, circle=""),
        "circle": circle,
        "letters": [(letter, _address(request, start=letter)) for letter in string.ascii_lowercase],
        "letter": asked.get("start", ""),
        "archived": _is_on(asked, "archived"),
        "archive_url": _address(request, archived="" if _is_on(asked, "archived") else "1"),
        "select": _is_on(asked, "select"),
        "client_key": uuid4(),
        "select_url": _address(request, select="" if _is_on(asked, "select") else "1"),
        "is_filtered": any(asked.get(name) for name in ("q", "circle", "archived", "start")),
    }
    return page(request, "contacts/people.html", context, part="rows" if asked.get("after") else "list")


@require_safe
def options(request: MemberRequest) -> JsonResponse:
    """Return at most eight contacts for the letters typed, the last contacted first; `circles` adds as many circles."""
    typed = request.GET.get("q", "")
    people = suggested_people(request.network, typed)
    answer: list[dict[str, str]] = [
        {
            "uuid": str(person.uuid),
            "name": person.display_name,
            "detail": person.organisation or person.city or person.role,
            "url": person.get_absolute_url(),
            "initials": initials(person.display_name),
            "picture": reverse("contacts:photo", args=[person.picture]) if person.picture else "",
        }
        for person in people
    ]
    if _is_on(request.GET, "circles"):
        answer += [
            {"name": circle.name, "detail": _("Circle"), "url": reverse("contacts:circle", args=[circle.uuid])}
            for circle in circles_named(request.network, typed)
        ]
    return JsonResponse(answer, safe=False)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Add somebody. The form stays for the next one and offers to open the new contact's page."""
    network = request.network
    form = NewPersonForm(sent(request), network=network)
    added = network.contacts.filter(uuid__in=identifiers([request.GET.get("added", "")])).first()
    if request.method == "POST" and form.is_valid():
        added = saved(form, form.save)
        if added is not None:
            if not request.htmx:
                return redirect(f"{reverse('contacts:add')}?added={added.uuid}")
            form = NewPersonForm(network=network)
    context = {"form": form, "added": added}
    return page(request, "contacts/add.html", context, part="form", valid=not form.errors)


@require_POST
def bulk(request: MemberRequest) -> HttpResponse:
    """Apply a bulk action to the ticked contacts and return to the list, with an undo button."""
    network = request.network
    contacts = list(network.contacts.filter(uuid__in=identifiers(request.POST.getlist("contacts"))))
    act = request.POST.get("act", "")
    back = f"{reverse('contacts:list')}?{_query(request.GET, select='1')}"
    if not contacts:
        messages.info(request, _("Tick somebody first."))
    elif act == "archive":
        tell_undoable(request, "archive", archive_contacts(network, contacts), contacts)
    elif act == "delete":
        tell_undoable(request, "delete", trash_contacts(network, contacts), contacts)
    elif act == "talked":
        key = next(iter(identifiers(request.POST.getlist("client_key"))), None)
        talk = log_conversation(network, day=network.today(), contacts=contacts, client_key=key)
        tell_logged(request, talk)
    elif act == "unarchive":
        unarchive_contacts(network, contacts)
        messages.success(request, _("Back among your contacts."))
    elif act == "circle":
        circle = _circle(list(network.circles.all()), request.POST.get("circle", ""))
        if circle is None:
            messages.info(request, _("Pick a circle first."))
        else:
            add_to_circle(network, circle, contacts)
            messages.success(request, _("They are in the circle “%(name)s” now.") % {"name": circle.name})
    return redirect(back)


@require_POST
def undo(request: MemberRequest, act: str, instant: int) -> HttpResponse:
    """Undo archiving or deleting contacts; `instant` is the action's timestamp (microseconds since 1970)."""
    network = request.network
    try:
        moment = EPOCH + instant * MICROSECOND
    except OverflowError:
        raise Http404 from None
    if act == "delete":
        contacts = list(network.contacts(manager="with_trash").filter(deleted_at=moment))
        restore_contacts(network, contacts)
    else:
        contacts = list(network.contacts.filter(archived_at=moment))
        unarchive_contacts(network, contacts)
    if not contacts:
        raise Http404
    messages.success(request, _("Everything is as it was."))
    return redirect(contacts[0] if len(contacts) == 1 else "contacts:list")


def tell_undoable(request: MemberRequest, act: str, instant: datetime, contacts: list[Contact]) -> None:
    """Tell the member what happened to the contacts, with an undo button."""
    if act == "delete":
        text = ngettext("%(name)s is in the trash.", "%(count)s contacts are in the trash.", len(contacts))
    else:
        text = ngettext("%(name)s is in the archive.", "%(count)s contacts are in the archive.", len(contacts))
    undo_url = reverse(f"contacts:undo_{act}", args=[(instant - EPOCH) // MICROSECOND])
    names = {"name": contacts[0].display_name, "count": len(contacts)}
    messages.success(request, text % names, extra_tags=undo_url)


def _is_on(asked: QueryDict, name: str) -> bool:
    return asked.get(name) == "1"


def _circle(circles: list[Circle], identifier: str) -> Circle | None:
    """Return the circle with this identifier, or None."""
    return next((circle for circle in circles if str(circle.uuid) == identifier), None)


def _matching(network: Network, asked: QueryDict, circle: Circle | None) -> QuerySet[Contact]:
    contacts = find_contacts(network, asked.get("q", "")).filter(archived_at__isnull=not _is_on(asked, "archived"))
    if circle is not None:
        contacts = contacts.filter(pk__in=network.circle_memberships.filter(circle=circle).values("contact"))
    return contacts


def _query(asked: QueryDict, **changes: Any) -> str:
    """Return the query string of the current list with changes, without the position, so that it starts at the top."""
    query = asked.copy()
    for name in ("after", "start"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return QueryDict.urlencode(_without_empty(query))


def _without_empty(query: QueryDict) -> QueryDict:
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query


def _address(request: MemberRequest, **changes: str) -> str:
    return f"{reverse('contacts:list')}?{_query(request.GET, **changes)}"
