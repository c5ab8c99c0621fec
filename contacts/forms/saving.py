"""Saving a valid form: what the domain refuses all the same is shown like any other mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

T = TypeVar("T")


def saved(form: forms.Form, save: Callable[[], T]) -> T | None:
    """What `save` answers, or None after adding to `form` why it could not be saved."""
    try:
        return save()
    except ValidationError as refusal:
        errors = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for field, problems in errors.items():
            form.add_error(field if field in form.fields else None, problems)
        return None
