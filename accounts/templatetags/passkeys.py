"""Tells a page whether it can offer passkeys."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.signing_in.passkeys import Passkeys, passkeys_at

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_here(context: dict[str, Any]) -> Passkeys:
    """Return whether passkeys work at the address that the page was asked by."""
    request = context["request"]
    return passkeys_at(f"{request.scheme}://{request.get_host()}")
