"""The settings form of the weekly letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from contacts.models import Network
from favours.digest.timing import change_settings, settings_of
from favours.models import LetterSettings


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    """The day and hour of the letter, its length, and a pause."""

    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), coerce=int, choices=[(number + 1, name) for number, name in WEEKDAYS.items()]
    )
    hour = forms.TypedChoiceField(label=_("Hour"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)])

    class Meta:
        model = LetterSettings
        fields = ["is_on", "weekday", "hour", "length", "pause_from", "pause_to"]
        labels = {
            "is_on": _("Send me the weekly letter"),
            "length": _("Length"),
            "pause_from": _("Holiday from"),
            "pause_to": _("Holiday to"),
        }
        help_texts = {"pause_to": _("No letter comes from the first to the last day of your holiday.")}
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("pause_from", "pause_to")
        }

    def __init__(self, data: Any = None, *, network: Network) -> None:
        super().__init__(data, instance=settings_of(network))
        self.network = network

    def keep(self) -> LetterSettings:
        """Store the valid form. Raises ValidationError if it no longer fits settings that were changed meanwhile."""
        changes = {name: self.cleaned_data[name] for name in self.changed_data}
        return change_settings(self.network, **changes)
