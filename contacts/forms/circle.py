"""Naming a circle."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Circle, Network
from contacts.people.circles import add_circle, rename_circle


class CircleForm(forms.Form):
    """A circle's name. Saving creates a circle, or renames the given one."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: QueryDict | None = None, *, network: Network, circle: Circle | None = None) -> None:
        super().__init__(data, initial={"name": circle.name if circle else ""})
        self.network, self.circle = network, circle

    def clean_name(self) -> str:
        """Raise ValidationError if another circle has this name."""
        name: str = self.cleaned_data["name"]
        others = self.network.circles.filter(name__iexact=name)
        if self.circle is not None:
            others = others.exclude(pk=self.circle.pk)
        if others.exists():
            raise ValidationError(_("You have a circle of this name already."))
        return name

    def save(self) -> Circle:
        """Create or rename the circle. Raises ValidationError."""
        name = self.cleaned_data["name"]
        if self.circle is None:
            return add_circle(self.network, name=name)
        return rename_circle(self.network, self.circle, name=name)
