"""How a page answers: whole, or the named part of its template that htmx asked for."""

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
    """The page, or to htmx its `part`; an invalid form answers 422."""
    name = f"{template}#{part}" if part and request.htmx else template
    return render(request, name, context, status=200 if valid else UNPROCESSABLE)


def sent(request: MemberRequest) -> QueryDict | None:
    """What a form was sent with, for its first argument; None if it is to be shown for the first time."""
    return request.POST if request.method == "POST" else None


def identifiers(texts: Iterable[str]) -> list[UUID]:
    """The identifiers among the texts; anything else is left out, as it can name nobody."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def sent_files(request: MemberRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files that a form was sent with, for its second argument; None if it is to be shown for the first time."""
    return request.FILES if request.method == "POST" else None
