"""The form for requesting an export."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from favours.transfer.formats import FORMATS


class ExportForm(forms.Form):
    """The format of an export. For a single contact it offers only formats that contain data about one."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)

    def __init__(self, data: object = None, *, contact: Contact | None) -> None:
        super().__init__(data, initial={"format": "json"})  # type: ignore[arg-type]
        labels = {key: each.label_of_one if contact else each.label for key, each in FORMATS.items()}
        self.fields["format"].choices = [(key, label) for key, label in labels.items() if label]  # type: ignore[attr-defined]
