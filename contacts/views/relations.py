"""Related people on a contact's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.forms.relation import RelationForm
from contacts.forms.saving import saved
from contacts.middleware import MemberRequest
from contacts.people.relations import remove_relation
from contacts.views.answers import page
from contacts.views.person import contact_context


@require_POST
def add(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Record who is related to a contact."""
    contact = get_object_or_404(request.network.contacts, uuid=uuid)
    form = RelationForm(request.POST, network=request.network, contact=contact)
    noted = form.is_valid() and saved(form, form.save) is not None
    if noted and not request.htmx:
        return redirect(contact)
    context = contact_context(request, contact)
    if not noted:
        context["relation_form"] = form
    return page(request, "contacts/person.html", context, part="related", valid=noted)


@require_POST
def remove(request: MemberRequest, uuid: UUID, relation: UUID) -> HttpResponse:
    """Delete a relation of a contact, whichever of the two it was recorded on."""
    network = request.network
    contact = get_object_or_404(network.contacts, uuid=uuid)
    noted = network.relations.filter(Q(contact=contact) | Q(other=contact))
    remove_relation(network, get_object_or_404(noted, uuid=relation))
    messages.success(request, _("Removed."))
    if not request.htmx:
        return redirect(contact)
    return page(request, "contacts/person.html", contact_context(request, contact), part="related")
