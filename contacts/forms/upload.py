"""Uploading a file that is read into a network."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from contacts.models import Network


class UploadForm(forms.Form):
    """A file of at most `max_bytes`. Subclasses declare the field `file`, and the error text `too_large`."""

    max_bytes: int
    too_large: str | Promise

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
        """Raise ValidationError if the file is too large, before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > self.max_bytes:
            raise ValidationError(str(self.too_large))
        return file
