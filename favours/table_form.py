"""Uploading a list of help from earlier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from contacts.importing.card import UnreadableFile
from contacts.importing.limits import MEBIBYTE
from contacts.models import Network
from favours.importing import Result, import_favours

MAX_BYTES = MEBIBYTE
"""Some ten thousand entries: as many as are logged while the member waits."""


class FavourTableForm(forms.Form):
    """A table with one act of help per row."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 1 MB; split a longer list."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
        max_length=255,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        network: Network,
    ) -> None:
        super().__init__(data, files)
        self.network = network

    def clean_file(self) -> UploadedFile[Any]:
        """Raise ValidationError for a file that is too large, before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("The file is larger than 1 MB. Split the list and import the parts in turn."))
        return file

    def save(self) -> Result | None:
        """Log the rows; None, with the reason among the form's errors, for what is no such table."""
        try:
            return import_favours(self.network, self.cleaned_data["file"].read())
        except UnreadableFile as problem:
            self.add_error("file", str(problem.reason))
            return None
