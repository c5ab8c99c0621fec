"""Saving a valid form, with errors raised by the domain shown like any other mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

T = TypeVar("T")


def saved(form: forms.Form, save: Callable[[], T]) -> T | None:
    """Return the result of `save`, or None after adding its validation errors to `form`."""
    try:
        return save()
    except ValidationError as refusal:
        errors = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for field, problems in errors.items():
            form.add_error(field if field in form.fields else None, problems)
        return None
