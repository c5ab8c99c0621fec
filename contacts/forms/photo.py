"""Uploading a contact's picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Network, Photo
from contacts.people.photos import MAX_BYTES, UnusablePictureError, finished, set_photo

TYPES = "image/jpeg,image/png,image/webp,image/gif"


class PhotoForm(forms.Form):
    """A picture in any readable format, of which a small JPEG is kept."""

    picture = forms.FileField(label=_("A picture"), widget=forms.FileInput(attrs={"accept": TYPES}))

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        network: Network,
        contact: Contact,
    ) -> None:
        super().__init__(data, files)
        self.network, self.contact = network, contact

    def clean_picture(self) -> bytes:
        upload: UploadedFile[Any] = self.cleaned_data["picture"]
        try:
            return finished(upload.read(MAX_BYTES + 1))
        except UnusablePictureError as problem:
            raise forms.ValidationError(str(problem.reason)) from None

    def save(self) -> Photo:
        """Store the picture as the contact's."""
        return set_photo(self.network, self.contact, self.cleaned_data["picture"])
