"""Uploading a table of past help."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files.limits import MEBIBYTE
from contacts.forms.upload import UploadForm
from favours.transfer.table import WHILE_WAITING, Result, import_favours


class FavourTableForm(UploadForm):
    """A table with one act of help per row, logged while the member waits."""

    max_bytes = MEBIBYTE
    too_large = _("The file is larger than 1 MB. Split the list and import the parts in turn.")

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 2,000 rows; split a longer list."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
        max_length=255,
    )

    def save(self) -> Result | None:
        """Log the rows. Return None, with the reason among the form's errors, if the file is not such a table."""
        try:
            return import_favours(self.network, self.cleaned_data["file"].read(), WHILE_WAITING)
        except UnreadableFileError as problem:
            self.add_error("file", str(problem.reason))
            return None
