"""Building responses: the whole page, or the named part of its template that htmx asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict

from contacts.middleware import MemberRequest

UNPROCESSABLE = 422


def page(
    request: MemberRequest, template: str, context: dict[str, Any], *, part: str = "", valid: bool = True
) -> HttpResponse:
    """Render the page, or for htmx just its `part`. The status is 422 if `valid` is false."""
    name = f"{template}#{part}" if part and request.htmx else template
    return render(request, name, context, status=200 if valid else UNPROCESSABLE)


def sent(request: MemberRequest) -> QueryDict | None:
    """Return a form's POST data, for its first argument, or None if the form is shown for the first time."""
    return request.POST if request.method == "POST" else None


def identifiers(texts: Iterable[str]) -> list[UUID]:
    """Return the valid identifiers among the texts; anything else is skipped, because no row can have it."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def sent_files(request: MemberRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """Return a form's uploaded files, for its second argument, or None if the form is shown for the first time."""
    return request.FILES if request.method == "POST" else None
