"""Logging and editing a conversation."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Conversation, Network
from contacts.people.conversations import edit_conversation, log_conversation
from contacts.people.picking import Picked, picked_people


class ConversationForm(forms.Form):
    """A conversation on one day. Its participants come from the people picker; see contacts/people/picking.py."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=300, required=False)
    note = forms.CharField(
        label=gettext_lazy("What was it about?"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        network: Network,
        conversation: Conversation | None = None,
        picked: Picked | None = None,
    ) -> None:
        self.network, self.conversation = network, conversation
        self.picked = picked_people(network, data) if data is not None else picked or Picked()
        self.people_errors = list(self.picked.errors)
        super().__init__(data, initial=self._initial())

    def _initial(self) -> dict[str, Any]:
        if self.conversation is None:
            return {"day": self.network.today(), "client_key": uuid.uuid4()}
        return {name: getattr(self.conversation, name) for name in ("day", "place", "note")}

    def clean(self) -> dict[str, Any]:
        if not self.picked.contacts and not self.picked.new_names and not self.picked.errors:
            self.people_errors.append(_("Name at least one person."))
        return self.cleaned_data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.people_errors

    @transaction.atomic
    def save(self) -> Conversation:
        """Log the conversation or store the changes, adding new people to the contacts. Raises ValidationError."""
        data = self.cleaned_data
        talk = {name: data[name] for name in ("day", "place", "note")}
        people = self.picked.people(self.network, how_met=data["place"])
        if self.conversation is not None:
            return edit_conversation(self.network, self.conversation, contacts=people, **talk)
        return log_conversation(self.network, contacts=people, client_key=data["client_key"], **talk)
