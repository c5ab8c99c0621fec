"""The form that passes a tip on, and the base it shares with the form that keeps one."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Network, Topic
from favours.forms.entry import PeopleForm
from favours.models import Favour, TipBoxItem
from favours.tips.asks import add_ask
from favours.tips.tip_box import keep_tip, pass_on


class TipTextForm(forms.Form):
    """A form with the text of a tip."""

    text = forms.CharField(
        label=_("What have you come across?"),
        max_length=TipBoxItem.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the tip down in a few words first.")},
    )

    def keep(self, network: Network) -> TipBoxItem:
        """Keep the tip in the box."""
        return keep_tip(network, self.cleaned_data["text"])


class AskForm(forms.Form):
    """A form with something that the member is looking for, in a few words."""

    ask = forms.CharField(
        max_length=500, error_messages={"required": _("Write down in a few words what you are looking for.")}
    )

    def save(self, network: Network) -> Topic:
        """Note the ask."""
        return add_ask(network, self.cleaned_data["ask"])


class PassOnForm(TipTextForm, PeopleForm):
    """A tip and its recipients: people ticked among the matches, and anyone else who is named."""

    item: forms.ModelChoiceField[TipBoxItem] = forms.ModelChoiceField(None, to_field_name="uuid", required=False)
    client_key = forms.UUIDField(required=False)

    def __init__(self, data: QueryDict, *, network: Network) -> None:
        super().__init__(data, network=network)
        self.fields["item"].queryset = network.tip_box_items.all()  # type: ignore[attr-defined]

    def save(self) -> Favour | None:
        """Pass the tip on. Return None if the domain layer rejects it; the form then shows why."""
        fields = self.cleaned_data
        try:
            return pass_on(
                self.network,
                text=fields["text"],
                people=self.picked,
                item=fields["item"],
                client_key=fields["client_key"],
            )
        except ValidationError as refusal:
            self.refuse(refusal)
            return None
