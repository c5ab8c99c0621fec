"""Possible duplicates: deciding pair by pair, merging field by field, and undoing merges."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.duplicates import ASKED_AGAIN_AFTER, call_distinct, in_words, open_pairs, put_off, reopen
from contacts.merging import GROUPS, PICTURE, NotLastMergeError, compare, merge, merge_all, undo_batch
from contacts.middleware import MemberRequest
from contacts.models import Contact, DuplicatePair, Network
from contacts.people.search import find_contacts
from contacts.views.answers import identifiers, page

FURTHER = 10
"""Further pairs listed below the current one."""
CERTAIN = 20
"""Maximum certain pairs merged at once."""
FOUND = 20


@require_safe
def duplicates(request: MemberRequest) -> HttpResponse:
    """Show the certain pairs together, and the likeliest other one side by side."""
    return page(request, "contacts/duplicates.html", _queue(request.network), part="queue")


@require_POST
def merge_certain(request: MemberRequest) -> HttpResponse:
    """Merge those of the certain pairs that are ticked."""
    network = request.network
    pairs = open_pairs(network).filter(is_certain=True, uuid__in=identifiers(request.POST.getlist("pairs")))
    ticked = [(pair.first, pair.second) for pair in pairs[:CERTAIN]]
    merges = merge_all(network, ticked)
    if merges:
        messages.success(request, _("Put together."), extra_tags=reverse("contacts:undo_merge", args=[merges[0].batch]))
    if not ticked:
        messages.info(request, _("Tick somebody first."))
    elif len(merges) < len(ticked):
        messages.info(request, _("The others have to be compared one by one: they differ in what only you can decide."))
    return _answer(request)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show one pair side by side; a POST decides whether it is one person or two, or puts the decision off."""
    network = request.network
    pair = get_object_or_404(open_pairs(network), uuid=uuid)
    if request.method != "POST":
        return page(request, "contacts/duplicates.html", _queue(network, pair), part="queue")
    decision = request.POST.get("decision")
    reopen_url = reverse("contacts:reopen_duplicate", args=[pair.uuid])
    if decision == "same":
        if not _merge(request, pair.first, pair.second):
            return page(request, "contacts/duplicates.html", _queue(network, pair), part="queue", valid=False)
    elif decision == "distinct":
        call_distinct(network, pair)
        messages.success(request, _("Two people, then. You won’t be asked again."), extra_tags=reopen_url)
    elif decision == "later":
        put_off(network, pair, network.today() + ASKED_AGAIN_AFTER)
        messages.success(request, _("It rests for a month."), extra_tags=reopen_url)
    return _answer(request)


@require_POST
def reopen_duplicate(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Withdraw the decision "two people" or "later"."""
    pair = get_object_or_404(request.network.duplicate_pairs, uuid=uuid)
    reopen(request.network, pair)
    return redirect("contacts:duplicate", pair.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_with(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Search for the contact that is the same person as this one, compare the two, and merge them."""
    network = request.network
    contact = get_object_or_404(network.contacts, uuid=uuid)
    chosen = (request.POST if request.method == "POST" else request.GET).get("with", "")
    other = network.contacts.exclude(pk=contact.pk).filter(uuid__in=identifiers([chosen])).first()
    if request.method == "POST" and other is None:
        raise Http404
    valid = True
    if request.method == "POST" and other is not None:
        survivor, leaving = _older_first(contact, other)
        valid = _merge(request, survivor, leaving)
        if valid:
            return redirect(survivor)
    query = request.GET.get("q", "")
    found = find_contacts(network, query) if query.strip() else network.contacts.none()
    context = {
        "contact": contact,
        "q": query,
        "found": found.exclude(pk=contact.pk).order_by("sort_name", "pk")[:FOUND],
        "merges": network.merges.filter(survivor=contact).defer("snapshot"),
        **(_side_by_side(network, *_older_first(contact, other)) if other else {}),
    }
    return page(request, "contacts/merge.html", context, part="found", valid=valid)


@require_POST
def undo_merge(request: MemberRequest, batch: UUID) -> HttpResponse:
    """Undo the merges made by one click."""
    network = request.network
    if not network.merges.filter(batch=batch).exists():
        raise Http404
    try:
        parted = undo_batch(network, batch)
    except NotLastMergeError as problem:
        undo_url = reverse("contacts:undo_merge", args=[problem.later.batch])
        messages.info(request, problem.advice, extra_tags=undo_url)
        return redirect(problem.later.survivor)
    messages.success(request, _("Everything is as it was."))
    if len(parted) != 1:
        return redirect("contacts:duplicates")
    pair = open_pairs(network).filter(second__in=parted).first() or open_pairs(network).filter(first__in=parted).first()
    return redirect("contacts:duplicate", pair.uuid) if pair else redirect(parted[0])


def _queue(network: Network, asked: DuplicatePair | None = None) -> dict[str, Any]:
    """Return the page's context: the pair `asked` for, else the likeliest and the certain ones; and further pairs."""
    pairs = open_pairs(network)
    certain = [] if asked else list(pairs.filter(is_certain=True)[:CERTAIN])
    further = list(pairs.filter(is_certain=False)[: FURTHER + 1])
    if asked is None:
        asked = further[0] if further else None
    return {
        "certain": [(pair, in_words(pair.evidence[:1])) for pair in certain],
        "pair": asked,
        "further": [pair for pair in further if pair != asked][:FURTHER],
        **(_side_by_side(network, asked.first, asked.second, asked) if asked else {}),
    }


def _side_by_side(
    network: Network, survivor: Contact, other: Contact, pair: DuplicatePair | None = None
) -> dict[str, Any]:
    """Return the comparison of two contacts: the fields to choose, and the rows that are kept of both anyway."""
    both = (survivor, other)
    evidence = pair.evidence if pair else []
    pictures = dict(network.photos.filter(contact__in=both).values_list("contact", "uuid"))
    return {
        "people": both,
        "pictures": [(contact, pictures.get(contact.pk)) for contact in both] if pictures else [],
        "has_two_pictures": len(pictures) > 1,
        "comparisons": compare(*both),
        "ways": [network.ways_to_reach.filter(contact=contact) for contact in both],
        "circles": [network.circles.filter(memberships__contact=contact) for contact in both],
        "topics": [network.topics.filter(contact=contact, closed_on=None) for contact in both],
        "reasons_for": in_words(reason for reason in evidence if reason["weight"] > 0),
        "reasons_against": in_words(reason for reason in evidence if reason["weight"] < 0),
    }


def _older_first(contact: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Return the older contact first: it survives, because links to it are older."""
    return (contact, other) if contact.pk < other.pk else (other, contact)


def _merge(request: MemberRequest, survivor: Contact, other: Contact) -> bool:
    """Merge two contacts as chosen in the form, and tell the member. Return False if the result would be invalid."""
    choices = {key: request.POST.get(f"field-{key}", "") for key in (*GROUPS, PICTURE)}
    try:
        merged = merge(request.network, survivor, other, choices)
    except ValidationError as problem:
        for message in problem.messages:
            messages.error(request, message)
        return False
    messages.success(
        request,
        _("%(name)s is one person now.") % {"name": merged.survivor.display_name},
        extra_tags=reverse("contacts:undo_merge", args=[merged.batch]),
    )
    return True


def _answer(request: MemberRequest) -> HttpResponse:
    """Return the updated queue."""
    if not request.htmx:
        return redirect("contacts:duplicates")
    answer = page(request, "contacts/duplicates.html", _queue(request.network), part="queue")
    answer.headers["HX-Push-Url"] = reverse("contacts:duplicates")
    return answer
