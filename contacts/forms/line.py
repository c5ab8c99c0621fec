"""Noting what somebody seeks, offers or is interested in, or news of them."""

from __future__ import annotations

import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Conversation, Line, Network
from contacts.people.conversations import hear
from contacts.people.topics import add_line, change_line

NEWS = "news"


class LineForm(forms.Form):
    """A few words about a contact. Seeks, offers and news count as heard in a conversation today."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[*Line.Kind.choices, (NEWS, _("news"))],
        initial=Line.Kind.SEEKS,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    text = forms.CharField(
        label=_("In a few words"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, network: Network, contact: Contact) -> None:
        super().__init__(data, initial={"client_key": uuid.uuid4()}, auto_id="line_%s")
        self.network, self.contact = network, contact

    def save(self) -> Line | Conversation:
        """Note it. Raises ValidationError."""
        data = self.cleaned_data
        if data["kind"] == Line.Kind.INTEREST:
            return add_line(self.network, contact=self.contact, kind=data["kind"], text=data["text"])
        return hear(
            self.network,
            contact=self.contact,
            kind=data["kind"],
            text=data["text"],
            day=self.network.today(),
            client_key=data["client_key"],
        )


class OwnOfferForm(forms.Form):
    """Something that the member can offer."""

    text = forms.CharField(
        label=_("What can you offer?"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: QueryDict | None = None, *, network: Network) -> None:
        super().__init__(data)
        self.network = network

    def save(self) -> Line:
        """Note the offer. Raises ValidationError."""
        return add_line(self.network, contact=None, kind=Line.Kind.OFFERS, text=self.cleaned_data["text"])


class LineTextForm(forms.Form):
    """The words of a line, to be corrected."""

    text = forms.CharField(label=_("In a few words"), max_length=500)

    def __init__(self, data: QueryDict | None = None, *, network: Network, line: Line) -> None:
        super().__init__(data, initial={"text": line.text})
        self.network, self.line = network, line

    def save(self) -> Line:
        """Raises ValidationError."""
        return change_line(self.network, self.line, text=self.cleaned_data["text"])
