"""Contacts: search, filters, and bulk actions that archive or delete them or change their circles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.admin.base import AT_ONCE, NetworkAdmin, link, network_of
from contacts.admin.undo import register_undo, tell_undoable
from contacts.models import Circle, Contact, Network
from contacts.people.directory import archive_contacts, restore_contacts, trash_contacts, unarchive_contacts
from contacts.people.search import find_contacts
from contacts.tidying.circles import CircleChange, change_circles, take_back_circle_change
from contacts.tidying.empty import unreachable_contacts

MOST_CIRCLES = 200


class ReachFilter(admin.SimpleListFilter):
    """Filter for contacts without any way to reach them."""

    title = gettext_lazy("ways to reach")
    parameter_name = "reach"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", gettext_lazy("without any"))]

    def queryset(self, request: HttpRequest, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        return contacts & unreachable_contacts(network_of(request)) if self.value() == "none" else contacts


class CircleFilter(admin.SimpleListFilter):
    """Filter by the member's own circles."""

    title = gettext_lazy("circle")
    parameter_name = "circle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        circles = network_of(request).circles.values_list("uuid", "name")[:MOST_CIRCLES]
        return [(str(identifier), name) for identifier, name in circles]

    def queryset(self, request: HttpRequest, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        try:
            identifier = UUID(self.value() or "")
        except ValueError:
            return contacts
        network = network_of(request)
        circle = network.circles.filter(uuid=identifier).first()
        return contacts.filter(pk__in=network.circle_memberships.filter(circle=circle).values("contact"))


class ArchiveFilter(admin.SimpleListFilter):
    """Filter by whether contacts are archived."""

    title = gettext_lazy("archive")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("not in it")), ("yes", gettext_lazy("in it"))]

    def queryset(self, request: HttpRequest, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        if self.value() not in {"no", "yes"}:
            return contacts
        return contacts.filter(archived_at__isnull=self.value() == "no")


class CirclesForm(forms.Form):
    """The circles to which the selected contacts are added, and from which they are removed."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Put them into"), queryset=Circle.objects.none(), to_field_name="uuid", required=False
    )
    out_of = forms.ModelChoiceField(
        label=gettext_lazy("Take them out of"), queryset=Circle.objects.none(), to_field_name="uuid", required=False
    )

    def __init__(self, *args: Any, network: Network) -> None:
        super().__init__(*args)
        for field in self.fields.values():
            field.queryset = network.circles.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError if no circle is given."""
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(_("Pick a circle first."))
        return self.cleaned_data


class ContactAdmin(NetworkAdmin):
    """All contacts that are not in the trash, by name."""

    title = gettext_lazy("Contacts")
    list_display = ["name", "organisation", "role", "city", "created_at"]
    list_filter = [ReachFilter, ArchiveFilter, CircleFilter]
    search_fields = ["display_name"]
    search_help_text = gettext_lazy("The beginnings of words: names, organisations, cities, notes, what they look for")
    ordering = ["sort_name", "id"]
    actions = ["change_circles", "archive", "unarchive", "delete"]

    def queue(self, network: Network) -> QuerySet[Contact]:
        return network.contacts.all()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search with the application's own search, which has an index."""
        if not search_term.strip():
            return queryset, False
        # Not as a subquery: without statistics, PostgreSQL took minutes for that.
        return queryset & find_contacts(network_of(request), search_term), False

    @admin.display(description=gettext_lazy("name"), ordering="sort_name")
    def name(self, contact: Contact) -> SafeString:
        return link(contact.get_absolute_url(), contact.display_name)

    @admin.action(description=gettext_lazy("Put the selected contacts into a circle, or move them …"))
    def change_circles(self, request: HttpRequest, contacts: QuerySet[Contact]) -> HttpResponse | None:
        network, chosen = network_of(request), list(contacts[:AT_ONCE])
        form = CirclesForm(request.POST if "apply" in request.POST else None, network=network)
        if form.is_valid():
            change = change_circles(network, chosen, into=form.cleaned_data["into"], out_of=form.cleaned_data["out_of"])
            tell_undoable(request, _("The circles are changed."), act="circles", kept=asdict(change))
            return None
        context = {**self.admin_site.each_context(request), "title": _("Circles"), "form": form, "contacts": chosen}
        return TemplateResponse(request, "admin/contacts/circles_action.html", context)

    @admin.action(description=gettext_lazy("Put the selected contacts into the archive"))
    def archive(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        chosen = list(contacts.filter(archived_at=None)[:AT_ONCE])
        archive_contacts(network_of(request), chosen)
        tell_undoable(request, _("They are in the archive."), act="archive", kept=_identifiers(chosen))

    @admin.action(description=gettext_lazy("Take the selected contacts out of the archive"))
    def unarchive(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        chosen = list(contacts.exclude(archived_at=None)[:AT_ONCE])
        unarchive_contacts(network_of(request), chosen)
        tell_undoable(request, _("Back among your contacts."), act="unarchive", kept=_identifiers(chosen))

    @admin.action(description=gettext_lazy("Delete the selected contacts"))
    def delete(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        chosen = list(contacts[:AT_ONCE])
        trash_contacts(network_of(request), chosen)
        tell_undoable(request, _("They are in the trash for 30 days."), act="delete", kept=_identifiers(chosen))


def _identifiers(contacts: list[Contact]) -> list[str]:
    return [str(contact.uuid) for contact in contacts]


@register_undo("archive")
def _undo_archive(network: Network, identifiers: list[str]) -> None:
    unarchive_contacts(network, network.contacts.filter(uuid__in=identifiers))


@register_undo("unarchive")
def _undo_unarchive(network: Network, identifiers: list[str]) -> None:
    archive_contacts(network, network.contacts.filter(uuid__in=identifiers))


@register_undo("delete")
def _undo_delete(network: Network, identifiers: list[str]) -> None:
    restore_contacts(network, network.contacts(manager="with_trash").filter(uuid__in=identifiers))


@register_undo("circles")
def _undo_circles(network: Network, change: dict[str, Any]) -> None:
    take_back_circle_change(network, CircleChange(**change))
