"""Recording the people related to a contact."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact, Network
from contacts.people.picking import Picked, picked_people
from contacts.people.relations import add_relation
from contacts.people.relationships import CHOICES


class RelationForm(forms.Form):
    """A form for the relationship of picked people to a contact. New names do not become contacts."""

    label = forms.ChoiceField(label=gettext_lazy("What they are to each other"), choices=CHOICES, required=False)

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        super().__init__(data, auto_id="relation_%s")
        self.network, self.contact = network, contact
        self.picked = picked_people(network, data) if data is not None else Picked()
        self.people_errors = list(self.picked.errors)

    def clean(self) -> dict[str, object]:
        if not (self.picked.contacts or self.picked.new_names or self.picked.errors):
            self.people_errors.append(_("Who is it? Pick somebody or type a name."))
        return self.cleaned_data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.people_errors

    @transaction.atomic
    def save(self) -> Contact:
        """Record everybody who was picked. Raises ValidationError."""
        label = self.cleaned_data["label"]
        for other in self.picked.contacts:
            add_relation(self.network, self.contact, label=label, other=other)
        for name in self.picked.new_names:
            add_relation(self.network, self.contact, label=label, name=name)
        return self.contact
